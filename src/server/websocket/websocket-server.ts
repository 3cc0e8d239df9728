import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type GraphQLError, getOperationAST } from 'graphql';
import { CloseCode, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Viewers } from '../../domain/core/viewer.ts';
import { UnauthenticatedError } from '../../errors.ts';
import type { SubscriptionEngine } from '../../live/engine.ts';
import type { Sink } from '../../live/send-queue.ts';
import type { Log } from '../../log.ts';
import type { Presence } from '../../presence/presence.ts';
import type { Authenticate, Claims } from '../authenticate.ts';
import { type GraphQLServer, maskError } from '../graphql-server.ts';
import { toCloseReason } from './close-reason.ts';
import { createConnectionLimit, TOO_MANY_CONNECTIONS } from './connection-limit.ts';
import { createFrameWriter } from './frame-writer.ts';
import { GraphQLWsSocket } from './graphql-ws-socket.ts';
import { startPing } from './ping.ts';
import { SubscriptionSocket } from './subscription-socket.ts';
import { createTokenExpiry } from './token-expiry.ts';

const PATH = '/graphql';
const MAX_MESSAGE_BYTES = 262_144;
// Who is gone without a word is noticed in twice that: they are not to be taken for online longer than 15 s.
const PING_INTERVAL_MS = 7_000;
const INIT_TIMEOUT_MS = 5_000;
const GOING_AWAY = 1001;

export interface WebSocketServerOptions {
  server: Server;
  graphql: GraphQLServer;
  live: SubscriptionEngine;
  viewers: Viewers;
  authenticate: Authenticate;
  presence: Presence;
  allowedOrigins: string[] | undefined;
  /** How often it is looked whether the other side lives; who has not answered by the next time is cut off. */
  pingIntervalMs?: number | undefined;
  log: Log;
}

interface ConnectionExtra extends Record<PropertyKey, unknown> {
  live: SubscriptionSocket;
  /** What to do when it closes. */
  leave?: () => void;
}

/** Serves the graphql-transport-ws protocol at /graphql. */
export function startWebSocketServer({
  server,
  graphql,
  live,
  viewers,
  authenticate,
  presence,
  allowedOrigins,
  pingIntervalMs = PING_INTERVAL_MS,
  log,
}: WebSocketServerOptions) {
  const viewerSockets = createConnectionLimit();
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: MAX_MESSAGE_BYTES,
    // As live-socket.ts needs it.
    perMessageDeflate: false,
  });
  const keepAlive = startPing(pingIntervalMs);
  const expiry = createTokenExpiry((socket: WebSocket) =>
    socket.close(CloseCode.Forbidden, 'The token has expired. Connect again with a new one.'),
  );
  const liveParts = { writeFrame: createFrameWriter(), open: openLive };

  async function prepare(claims: Claims | undefined, payload: SubscribePayload) {
    if (!claims) throw new UnauthenticatedError();
    // Looked up for every operation: rights may have changed since the socket was opened.
    const viewer = await viewers.requireViewer(claims);
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
  async function openLive(claims: Claims, payload: SubscribePayload, sink: Sink) {
    try {
      const { viewer, errors, operation } = await prepare(claims, payload);
      const kind = getOperationAST(operation.document, operation.operationName)?.operation;
      if (errors.length > 0 || kind !== 'subscription') return null;
      return live.open(operation, viewer, sink);
    } catch {
      return null;
    }
  }

  /** The socket is theirs, until it closes. Returns what to do then; null when they have too many. */
  function enter(socket: WebSocket, { org, sub, exp }: Claims): (() => void) | null {
    if (!viewerSockets.acquire(sub)) return null;
    expiry.add(socket, exp);
    const depart = presence.trackConnection(org, sub);
    return () => {
      viewerSockets.release(sub);
      expiry.delete(socket);
      depart();
    };
  }

  const protocol = makeServer<Record<string, unknown>, ConnectionExtra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    // The function of the operation itself, which has its plugins.
    execute: (args) =>
      (args.rootValue as { execute: (args: object) => never }).execute({ ...args, rootValue: undefined }),
    async onConnect(context) {
      const { live: liveSocket } = context.extra;
      const { socket } = liveSocket;
      try {
        const claims = await authenticate(authorizationOf(context.connectionParams));
        if (!claims)
          throw new UnauthenticatedError('Give {"authorization": "Bearer <JWT>"} in connection_init.');
        await viewers.requireViewer(claims);
        // Gone already, it would never close again.
        if (socket.readyState !== socket.OPEN) return false;
        const leave = enter(socket, claims);
        if (!leave) {
          socket.close(CloseCode.TooManyInitialisationRequests, TOO_MANY_CONNECTIONS);
          return false;
        }
        context.extra.leave = leave;
        liveSocket.claims = claims;
        // The token has been read, and is not needed again.
        Object.assign(context, { connectionParams: undefined });
        return true;
      } catch (error) {
        if (!(error instanceof UnauthenticatedError)) throw error;
        // The official client connects again after this code, and then asks for fresh connection params.
        socket.close(CloseCode.Forbidden, toCloseReason(error.message));
        return false;
      }
    },
    async onSubscribe({ extra }, _id, payload) {
      try {
        const { errors, operation, contextFactory, execute } = await prepare(extra.live.claims, payload);
        if (errors.length > 0) return errors;
        return { ...operation, contextValue: await contextFactory(), rootValue: { execute } };
      } catch (error) {
        // Thrown on, it would close the socket, with all its other operations.
        return [maskError(error, log)];
      }
    },
  });

  sockets.on('connection', (socket: WebSocket, raw: Duplex) => {
    const protocolSocket = new GraphQLWsSocket(socket, log);
    const liveSocket = new SubscriptionSocket({ parts: liveParts, socket, raw, protocol: protocolSocket });
    const extra: ConnectionExtra = { live: liveSocket };
    const closed = protocol.opened(protocolSocket, extra);
    const forget = keepAlive.add(liveSocket);
    raw.on('drain', () => liveSocket.flush());
    socket.on('message', (data) => liveSocket.receive(String(data)));
    socket.on('pong', () => {
      liveSocket.isAwaitingPong = false;
    });
    socket.on('error', logBroken);
    socket.on('close', (code, reason) => {
      forget();
      extra.leave?.();
      liveSocket.close();
      void closed(code, String(reason));
    });
  });

  function logBroken(error: Error) {
    log.debug({ err: error }, 'a websocket broke');
  }

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
      keepAlive.stop();
      expiry.stop();
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
