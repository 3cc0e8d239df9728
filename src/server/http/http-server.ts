import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { LIMITS } from '../../limits.ts';
import type { Log } from '../../log.ts';
import { drainServer } from './drain.ts';
import { endWithStatus } from './raw-response.ts';
import { setSecurityHeaders } from './security-headers.ts';

// Proxies keep connections for up to a minute, and may send a request in the moment in which a shorter timeout closes one.
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
// Interval at which connections are compared with the timeouts.
const TIMEOUT_CHECK_INTERVAL_MS = 1_000;
const DROP_LOG_INTERVAL_MS = 60_000;

const STATUS_BY_ERROR: Record<string, string> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
};

/** Handles a request. What it throws is logged, and the client is answered with 500. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => unknown;

export type HttpServer = ReturnType<typeof createHttpServer>;

export interface HttpServerOptions {
  handle: HttpHandler;
  /** Counts a connection until the returned function is called. Throws when its address has too many. @default counts nothing */
  openConnection?: ((connection: { socket: Socket }) => () => void) | undefined;
  log: Log;
  /** Time in which the headers of a request must arrive. */
  headersTimeoutMs?: number;
  /** Time in which a request must arrive with its body. */
  requestTimeoutMs?: number;
  timeoutCheckIntervalMs?: number;
}

/**
 * Creates an HTTP server whose clients can't hold it up: the time, the size and the number of what they send is bounded. It drains: it answers
 * the requests in flight and ends the event streams before it closes.
 */
export function createHttpServer({
  handle,
  openConnection,
  log,
  headersTimeoutMs = LIMITS.requestHeadersMs,
  requestTimeoutMs = LIMITS.requestMs,
  timeoutCheckIntervalMs = TIMEOUT_CHECK_INTERVAL_MS,
}: HttpServerOptions) {
  const streams = new Set<ServerResponse>();
  const connections = new Set<Duplex>();
  const open = createOpenResponses();
  let isDraining = false;

  /** Ends a connection at a shutdown that has no request left: kept alive, it would keep the server open. */
  function endIfDrained(connection: Duplex) {
    if (!isDraining) return;
    setImmediate(() => {
      if (connections.has(connection) && open.count(connection) === 0) connection.destroy();
    });
  }

  function logBreak(error: Error) {
    log.debug({ err: error }, 'a response broke off');
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    try {
      setSecurityHeaders(response);
      if (open.count(request.socket) <= LIMITS.pipelinedRequests) await handle(request, response);
      else response.writeHead(503, { connection: 'close' }).end();
    } catch (error) {
      log.error({ err: error }, 'a request failed');
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    }
  }

  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: timeoutCheckIntervalMs,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      maxHeaderSize: LIMITS.requestHeadersBytes,
    },
    (request, response) => {
      open.add(request.socket, response);
      // An error without a listener would end the process, such as that of a write after the end.
      response.on('error', logBreak);
      response.once('close', () => endIfDrained(request.socket));
      if (request.headers.accept?.includes('text/event-stream')) {
        streams.add(response);
        response.once('close', () => streams.delete(response));
      }
      void answer(request, response);
    },
  );
  server.maxRequestsPerSocket = LIMITS.requestsPerConnection;
  server.maxConnections = LIMITS.connections;

  server.on('connection', (connection: Socket) => {
    // It comes again after a request for an upgrade that is answered over HTTP.
    if (connections.has(connection)) return;
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
  });
  if (openConnection) limitConnections(server, openConnection);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    log.debug({ err: error }, 'a client sent no valid HTTP request, or broke off');
    // An answer would end up in the middle of another one.
    const mayAnswer = socket.writable && error.code !== 'ECONNRESET' && !open.hasBegun(socket);
    if (mayAnswer) endWithStatus(socket, STATUS_BY_ERROR[error.code ?? ''] ?? '400 Bad Request');
    else socket.destroy(error);
  });
  server.on('error', (error) => log.error({ err: error }, 'a connection could not be accepted'));
  logDrops(server, log);

  return {
    server,
    /** Whether a request of this connection is still to be answered. */
    isBusy: (socket: Duplex) => open.count(socket) > 0,
    /** Resolves with the URL of the server. Port 0 takes a free port. */
    listen: (port: number, host: string) => listen(server, port, host),
    /** Leaves a connection to another protocol, whose part its end is. */
    handOver: (connection: Duplex) => void connections.delete(connection),
    /** Refuses new connections and ends event streams. Resolves when the requests in flight are answered or refused; sooner with `hurry`. */
    async drain(hurry: AbortSignal = new AbortController().signal) {
      isDraining = true;
      for (const stream of streams) stream.end();
      await drainServer(server, { connections, responsesOf: open.of, hurry });
    },
  };
}

/** Responses that are not sent yet, by connection: several for a client that pipelines its requests. */
function createOpenResponses() {
  const bySocket = new WeakMap<Duplex, Set<ServerResponse>>();
  return {
    add(socket: Duplex, response: ServerResponse) {
      const responses = bySocket.get(socket) ?? new Set();
      bySocket.set(socket, responses.add(response));
      response.once('close', () => responses.delete(response));
    },
    count: (socket: Duplex) => bySocket.get(socket)?.size ?? 0,
    of: (socket: Duplex) => [...(bySocket.get(socket) ?? [])],
    /** Whether a part of a response was sent. */
    hasBegun: (socket: Duplex) => [...(bySocket.get(socket) ?? [])].some(({ headersSent }) => headersSent),
  };
}

function limitConnections(server: Server, openConnection: NonNullable<HttpServerOptions['openConnection']>) {
  const counted = new WeakSet<Socket>();
  server.on('connection', (socket: Socket) => {
    // A connection comes again after a request for an upgrade that is answered over HTTP.
    if (counted.has(socket)) return;
    counted.add(socket);
    try {
      socket.once('close', openConnection({ socket }));
    } catch {
      socket.destroy();
    }
  });
}

function logDrops(server: Server, log: Log) {
  let nextAt = 0;
  server.on('drop', () => {
    if (Date.now() < nextAt) return;
    nextAt = Date.now() + DROP_LOG_INTERVAL_MS;
    log.warn({ connections: LIMITS.connections }, 'connections are refused: this node has as many as it may');
  });
}

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const { port: actualPort } = server.address() as AddressInfo;
      const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
      resolve(`http://${name.includes(':') ? `[${name}]` : name}:${actualPort}`);
    });
  });
}
