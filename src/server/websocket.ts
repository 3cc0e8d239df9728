import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type GraphQLError, getOperationAST } from 'graphql';
import { CloseCode, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Viewers } from '../domain/viewer.ts';
import { UnauthenticatedError } from '../errors.ts';
import type { Presence } from '../feed/presence.ts';
import type { Log } from '../log.ts';
import type { Authenticate, Claims } from './authenticate.ts';
import { toReason } from './close-reason.ts';
import { createFrameWriter } from './frame-writer.ts';
import { type GraphQLServer, maskError } from './graphql-server.ts';
import type { Live } from './live.ts';
import type { Sink } from './live-outbox.ts';
import { createLiveSocket } from './live-socket.ts';
import { createOperationIds } from './operation-ids.ts';
import { createViewerSockets, TOO_MANY_SOCKETS } from './viewer-sockets.ts';

const PATH = '/graphql';
const MAX_MESSAGE_BYTES = 262_144;
// Who is gone without a word is noticed in twice that: they are not to be taken for online longer than 15 s.
const PING_INTERVAL_MS = 7_000;
const PING_TURNS = 48;
const INIT_TIMEOUT_MS = 5_000;
// setTimeout takes no more.
const MAX_TIMER_MS = 2_147_483_647;
const GOING_AWAY = 1001;
const INTERNAL_ERROR = 1011;

export interface WebSocketOptions {
  server: Server;
  graphql: GraphQLServer;
  live: Live;
  viewers: Viewers;
  authenticate: Authenticate;
  presence: Presence;
  allowedOrigins: string[] | undefined;
  /** How often it is looked whether the other side lives; who has not answered by the next time is cut off. */
  pingIntervalMs?: number | undefined;
  log: Log;
}

interface Extra extends Record<PropertyKey, unknown> {
  socket: WebSocket;
  claims?: Claims;
}

/** Serves the graphql-transport-ws protocol at /graphql. */
export function startWebSocket({
  server,
  graphql,
  live,
  viewers,
  authenticate,
  presence,
  allowedOrigins,
  pingIntervalMs = PING_INTERVAL_MS,
  log,
}: WebSocketOptions) {
  const viewerSockets = createViewerSockets();
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: MAX_MESSAGE_BYTES,
    // As live-socket.ts needs it.
    perMessageDeflate: false,
  });
  const writeFrame = createFrameWriter();
  const stopPinging = keepAlive(sockets, pingIntervalMs);

  async function prepare({ extra }: { extra: Extra }, payload: SubscribePayload) {
    if (!extra.claims) throw new UnauthenticatedError();
    // Looked up for every operation: rights may have changed since the socket was opened.
    const viewer = await viewers.requireViewer(extra.claims);
    const { schema, parse, validate, contextFactory, execute } = graphql.getEnveloped({
      viewer,
      params: payload,
    });
    const document = parse(payload.query);
    const errors: readonly GraphQLError[] = validate(schema, document);
    const operation = {
      schema,
      document,
      operationName: payload.operationName,
      variableValues: payload.variables,
    };
    return { viewer, errors, operation, contextFactory, execute };
  }

  /** Runs a subscription; null when it is something else, or when graphql-ws is to tell what is wrong with it. */
  async function openLive(extra: Extra, payload: SubscribePayload, sink: Sink) {
    try {
      const { viewer, errors, operation } = await prepare({ extra }, payload);
      const kind = getOperationAST(operation.document, operation.operationName)?.operation;
      if (errors.length > 0 || kind !== 'subscription') return null;
      return live.open(operation, viewer, sink);
    } catch {
      return null;
    }
  }

  const protocol = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    // The function of the operation itself, which has its plugins.
    execute: (args) =>
      (args.rootValue as { execute: (args: object) => never }).execute({ ...args, rootValue: undefined }),
    async onConnect({ extra, connectionParams }) {
      try {
        const claims = await authenticate(authorizationOf(connectionParams));
        if (!claims)
          throw new UnauthenticatedError('Give {"authorization": "Bearer <JWT>"} in connection_init.');
        await viewers.requireViewer(claims);
        // Gone already, it would never close again.
        if (extra.socket.readyState !== extra.socket.OPEN) return false;
        if (!viewerSockets.enter(claims.sub, extra.socket)) {
          extra.socket.close(CloseCode.TooManyInitialisationRequests, TOO_MANY_SOCKETS);
          return false;
        }
        extra.claims = claims;
        closeAtExpiry(extra.socket, claims);
        extra.socket.once('close', presence.arrive(claims.org, claims.sub));
        return true;
      } catch (error) {
        if (!(error instanceof UnauthenticatedError)) throw error;
        // The official client connects again after this code, and then asks for fresh connection params.
        extra.socket.close(CloseCode.Forbidden, toReason(error.message));
        return false;
      }
    },
    async onSubscribe(context, _id, payload) {
      try {
        const { errors, operation, contextFactory, execute } = await prepare(context, payload);
        if (errors.length > 0) return errors;
        return { ...operation, contextValue: await contextFactory(), rootValue: { execute } };
      } catch (error) {
        // Thrown on, it would close the socket, with all its other operations.
        return [maskError(error, log)];
      }
    },
  });

  sockets.on('connection', (socket: WebSocket, raw: Duplex) => {
    const ids = createOperationIds();
    const extra: Extra = { socket };
    let passOn: (text: string) => void = () => {};
    const liveSocket = createLiveSocket({
      socket,
      raw,
      writeFrame,
      open: (payload, sink) => openLive(extra, payload, sink),
      pass: (text) => passOn(ids.incoming(text)),
    });
    raw.on('drain', liveSocket.flush);

    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) =>
          new Promise<void>((resolve, reject) => {
            const message = ids.outgoing(text);
            if (message === null || socket.readyState !== socket.OPEN) return resolve();
            socket.send(message, (error) => (error ? reject(error) : resolve()));
          }),
        close: (code, reason = '') => socket.close(code, toReason(ids.reason(reason))),
        onMessage: (listener) => {
          passOn = (text) => {
            listener(text).catch((error: unknown) => {
              log.error({ err: error }, 'a websocket failed');
              socket.close(INTERNAL_ERROR, 'Something went wrong on our side. Connect again.');
            });
          };
          socket.on('message', (data) => {
            const text = String(data);
            // Before it is known who asks, graphql-ws says what is wrong.
            if (!extra.claims || !liveSocket.take(text, ids)) passOn(ids.incoming(text));
          });
        },
      },
      extra,
    );
    socket.on('error', (error) => log.debug({ err: error }, 'a websocket broke'));
    socket.once('close', (code, reason) => {
      liveSocket.close();
      void closed(code, String(reason));
    });
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = refusalOf(request, allowedOrigins);
    if (refusal) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, socket));
  });

  return {
    count: () => sockets.clients.size,
    /** Says goodbye to everybody; whoever does not answer is cut off. */
    async stop(graceMs: number) {
      const everyone = [...sockets.clients];
      const gone = everyone.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of everyone) socket.close(GOING_AWAY, 'This server is going away. Connect again.');
      const timer = setTimeout(() => {
        for (const socket of everyone) socket.terminate();
      }, graceMs);
      await Promise.all(gone);
      clearTimeout(timer);
      stopPinging();
      sockets.close();
    },
  };
}

function refusalOf(request: IncomingMessage, allowedOrigins: string[] | undefined): string | null {
  if (new URL(request.url ?? '/', 'http://localhost').pathname !== PATH) return '404 Not Found';
  const { origin } = request.headers;
  return origin !== undefined && allowedOrigins && !allowedOrigins.includes(origin) ? '403 Forbidden' : null;
}

function authorizationOf(params: Record<string, unknown> | undefined): string | undefined {
  const value = params?.authorization ?? params?.Authorization;
  return typeof value === 'string' ? value : undefined;
}

function closeAtExpiry(socket: WebSocket, { exp }: Claims) {
  const timer = setTimeout(
    () => socket.close(CloseCode.Forbidden, 'The token has expired. Connect again with a new one.'),
    Math.min(Math.max(0, exp * 1_000 - Date.now()), MAX_TIMER_MS),
  );
  socket.once('close', () => clearTimeout(timer));
}

/** Ends sockets whose other side is gone without a word. One timer for all, which asks some of them at a time. */
function keepAlive(sockets: WebSocketServer, intervalMs: number) {
  const turns = Array.from({ length: PING_TURNS }, () => new Set<WebSocket>());
  // Who has not answered yet.
  const asked = new WeakSet<WebSocket>();
  let turn = 0;
  let arrived = 0;

  function answered(this: WebSocket) {
    asked.delete(this);
  }

  sockets.on('connection', (socket: WebSocket) => {
    const own = turns[arrived++ % PING_TURNS];
    own?.add(socket);
    socket.on('pong', answered);
    socket.once('close', () => own?.delete(socket));
  });
  const timer = setInterval(() => {
    for (const socket of turns[turn++ % PING_TURNS] ?? []) {
      if (asked.has(socket)) {
        socket.terminate();
        continue;
      }
      asked.add(socket);
      socket.ping();
    }
  }, intervalMs / PING_TURNS);
  // Where the server never comes to listen, nobody stops it.
  timer.unref();
  return () => clearInterval(timer);
}
