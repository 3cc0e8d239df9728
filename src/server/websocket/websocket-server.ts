import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError, getOperationAST } from 'graphql';
import { handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Viewers } from '../../domain/core/viewer.ts';
import { BusyError, RateLimitedError, TooManyOpenError, UnauthenticatedError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import type { SubscriptionEngine } from '../../live/engine.ts';
import type { Sink } from '../../live/send-queue.ts';
import type { Log } from '../../log.ts';
import type { Presence } from '../../presence/presence.ts';
import type { Admission } from '../admission.ts';
import type { Authenticate, Claims } from '../authenticate.ts';
import type { Connections } from '../connections.ts';
import { type GraphQLServer, maskError } from '../graphql-server.ts';
import { whenAborted } from '../http/drain.ts';
import type { HttpServer } from '../http/http-server.ts';
import type { OriginRule } from '../http/origin-rule.ts';
import { pathOf } from '../http/request-target.ts';
import { acceptUpgrades } from '../http/upgrade.ts';
import type { PersistedDocuments } from '../persisted-documents.ts';
import { closeSocket } from './close-code.ts';
import { createFrameWriter } from './frame-writer.ts';
import { GraphQLWsSocket } from './graphql-ws-socket.ts';
import { createHandshake } from './handshake.ts';
import { startPing } from './ping.ts';
import { SubscriptionSocket } from './subscription-socket.ts';

const PATH = '/graphql';
// Options that the types of ws leave out: how many parts a message may come in, and the time in which a client must answer a close frame.
const UNTYPED_OPTIONS: object = {
  maxFragments: LIMITS.messageParts,
  maxBufferedChunks: LIMITS.messageParts,
  closeTimeout: 5_000,
};

export interface WebSocketServerOptions {
  http: Pick<HttpServer, 'server' | 'isBusy' | 'handOver'>;
  graphql: GraphQLServer;
  documents: PersistedDocuments;
  live: SubscriptionEngine;
  viewers: Viewers;
  authenticate: Authenticate;
  connections: Pick<Connections, 'add'>;
  presence: Presence;
  admission: Omit<Admission, 'openConnection'>;
  origins: OriginRule;
  /** Interval of the heartbeat. A client that has not answered a ping by the next one is disconnected. @default 7000 */
  pingIntervalMs?: number | undefined;
  /** Time in which a client must send connection_init. @default 5000 */
  initTimeoutMs?: number | undefined;
  log: Log;
}

interface ConnectionExtra extends Record<PropertyKey, unknown> {
  subscriptionSocket: SubscriptionSocket;
  /** Address of the client, until the connection is authenticated. */
  address?: string | undefined;
  /** Undoes the registration of an authenticated connection. */
  unregister?: () => void;
}

/** Serves graphql-transport-ws at /graphql. */
export function startWebSocketServer({
  http,
  graphql,
  documents,
  live,
  viewers,
  authenticate,
  connections,
  presence,
  admission,
  origins,
  pingIntervalMs = LIMITS.pingIntervalMs,
  initTimeoutMs = LIMITS.initTimeoutMs,
  log,
}: WebSocketServerOptions) {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: LIMITS.messageBytes,
    ...UNTYPED_OPTIONS,
    // Pings are counted, and then answered.
    autoPong: false,
    // subscription-socket.ts writes frames to the stream directly, which must be uncompressed.
    perMessageDeflate: false,
  });
  const ping = startPing(pingIntervalMs);
  const parts = { writeFrame: createFrameWriter(), open: openSubscription };

  async function prepare(claims: Claims | undefined, sent: SubscribePayload) {
    if (!claims) throw new UnauthenticatedError();
    // Loaded for every operation, as rights may have changed since the connection was opened.
    const viewer = await viewers.requireViewer(claims);
    const payload = documents.resolve(sent);
    const { schema, parse, validate, contextFactory, execute } = graphql.getEnveloped({
      viewer,
      params: payload,
    });
    const { operationName, variables: variableValues } = payload;
    const document = parse(payload.query);
    const errors: readonly GraphQLError[] = validate(schema, document);
    const kind = getOperationAST(document, operationName)?.operation;
    if (errors.length === 0 && !kind) throw createUnknownOperationError();
    if (errors.length === 0) documents.keep(payload);
    return {
      viewer,
      errors,
      kind,
      operation: { schema, document, operationName, variableValues },
      contextFactory,
      execute,
    };
  }

  /** Null when the operation is no subscription or is invalid. graphql-ws then prepares it again, and answers with the errors. */
  async function openSubscription(claims: Claims, payload: SubscribePayload, sink: Sink) {
    try {
      await admission.countOperation(claims);
      const { viewer, errors, kind, operation } = await prepare(claims, payload);
      if (errors.length > 0 || kind !== 'subscription') return null;
      return live.open(operation, viewer, sink);
    } catch {
      return null;
    }
  }

  /** Counts the connection for its viewer until the returned function is called. Throws TooManyOpenError. */
  function register(socket: SubscriptionSocket, claims: Claims): () => void {
    const { org, sub } = claims;
    const release = admission.openSocket(claims);
    const remove = connections.add(socket, claims);
    const untrack = presence.trackConnection(org, sub);
    return () => {
      release();
      remove();
      untrack();
    };
  }

  async function rejectConnection({ subscriptionSocket, address = '' }: ConnectionExtra, error: unknown) {
    const { socket } = subscriptionSocket;
    if (error instanceof TooManyOpenError) return closeSocket(socket, 'tooManyConnections', error.message);
    if (!(error instanceof UnauthenticatedError)) throw error;
    try {
      await admission.countFailure(address);
      // The official client reconnects after this code, with new connection params.
      closeSocket(socket, 'tokenRejected', error.message);
    } catch (refusal) {
      if (!(refusal instanceof RateLimitedError)) throw refusal;
      closeSocket(socket, 'tooManyFailures', refusal.message);
    }
  }

  const protocol = makeServer<Record<string, unknown>, ConnectionExtra>({
    connectionInitWaitTimeout: initTimeoutMs,
    // Yoga's execute function of this operation, which runs its plugins. onSubscribe passes it as the root value.
    execute: (args) =>
      (args.rootValue as { execute: (args: object) => never }).execute({ ...args, rootValue: undefined }),
    async onConnect(context) {
      const { subscriptionSocket } = context.extra;
      const { socket } = subscriptionSocket;
      try {
        await live.turn();
        const claims = await authenticate(authorizationOf(context.connectionParams));
        if (!claims)
          throw new UnauthenticatedError('Give {"authorization": "Bearer <JWT>"} in connection_init.');
        const { isBlocked } = await viewers.requireViewer(claims);
        if (isBlocked) {
          closeSocket(socket, 'revoked');
          return false;
        }
        // A connection that closed meanwhile would never be unregistered.
        if (socket.readyState !== socket.OPEN) return false;
        context.extra.unregister = register(subscriptionSocket, claims);
        // From the cache, unless the viewer has lost access before this websocket was registered.
        await viewers.requireViewer(claims);
        subscriptionSocket.claims = claims;
        // Neither is needed any more, and they take memory on each connection.
        Object.assign(context, { connectionParams: undefined });
        context.extra.address = undefined;
        return true;
      } catch (error) {
        await rejectConnection(context.extra, error);
        return false;
      }
    },
    async onSubscribe({ extra }, _id, payload) {
      try {
        const { claims } = extra.subscriptionSocket;
        if (claims) await admission.countOperation(claims);
        const { errors, kind, operation, contextFactory, execute } = await prepare(claims, payload);
        if (errors.length > 0) return errors;
        // Opening it failed a moment ago, when the database did not answer; graphql-ws has no context for it.
        if (kind === 'subscription') throw new BusyError();
        return { ...operation, contextValue: await contextFactory(), rootValue: { execute } };
      } catch (error) {
        // graphql-ws would close the websocket, with all its other operations.
        return [maskError(error, log)];
      }
    },
  });

  sockets.on('connection', (socket: WebSocket, raw: Duplex, request: IncomingMessage) => {
    const graphqlWsSocket = new GraphQLWsSocket(socket, log);
    const subscriptionSocket = new SubscriptionSocket({ parts, socket, raw, protocol: graphqlWsSocket });
    const extra: ConnectionExtra = { subscriptionSocket, address: admission.addressOf(request) };
    const onClosed = protocol.opened(graphqlWsSocket, extra);
    const stopPing = ping.add(subscriptionSocket);
    /** Closes this websocket when a listener throws: otherwise the error would end the process. */
    function guard(run: () => void) {
      try {
        run();
      } catch (error) {
        graphqlWsSocket.fail(error);
      }
    }
    raw.on('drain', () => guard(() => subscriptionSocket.flush()));
    socket.on('message', (data: Buffer) => guard(() => subscriptionSocket.receive(data)));
    socket.on('ping', (data) => guard(() => subscriptionSocket.receiveFrame('ping', data)));
    socket.on('pong', (data) => guard(() => subscriptionSocket.receiveFrame('pong', data)));
    socket.on('error', logError);
    socket.on('close', (code, reason) => {
      stopPing();
      extra.unregister?.();
      guard(() => subscriptionSocket.close());
      onClosed(code, String(reason)).catch((error: unknown) => graphqlWsSocket.fail(error));
    });
  });

  function logError(error: Error) {
    log.debug({ err: error }, 'a websocket broke');
  }

  const acceptHandshake = createHandshake({ sockets, admission, log });
  acceptUpgrades(http.server, {
    findRejection(request) {
      if (pathOf(request.url) !== PATH) return '404 Not Found';
      if (!origins.allows(request.headers.origin)) return '403 Forbidden';
      return null;
    },
    isBusy: http.isBusy,
    accept(request, socket, head) {
      http.handOver(socket);
      acceptHandshake(request, socket, head);
    },
    log,
  });

  return {
    count: () => sockets.clients.size,
    /** Closes every websocket with 1001. Terminates those whose client has not answered after `graceMs`, or when it must hurry. */
    async stop(graceMs: number, hurry: AbortSignal) {
      const open = [...sockets.clients];
      const closed = open.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of open) closeSocket(socket, 'goingAway');
      const terminateAll = () => {
        for (const socket of open) socket.terminate();
      };
      const timer = setTimeout(terminateAll, graceMs);
      const stopHurrying = whenAborted(hurry, terminateAll);
      await Promise.all(closed);
      clearTimeout(timer);
      stopHurrying();
      ping.stop();
      sockets.close();
    },
  };
}

function createUnknownOperationError(): GraphQLError {
  return new GraphQLError(
    'Could not determine what operation to execute. Send operationName with the name of one in the document.',
    { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } },
  );
}

function authorizationOf(params: Record<string, unknown> | undefined): string | undefined {
  const value = params?.authorization ?? params?.Authorization;
  return typeof value === 'string' ? value : undefined;
}
