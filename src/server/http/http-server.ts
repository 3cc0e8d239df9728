import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Creates an HTTP server that drains: it answers the requests in flight and ends the event streams before it closes. */
export function createHttpServer(handle: HttpHandler) {
  const streams = new Set<ServerResponse>();
  let isDraining = false;
  const server = createServer((request, response) => {
    // A keep-alive connection without a request would keep the server open for seconds.
    response.once('close', () => {
      if (isDraining) setImmediate(() => server.closeIdleConnections());
    });
    if (request.headers.accept?.includes('text/event-stream')) {
      streams.add(response);
      response.once('close', () => streams.delete(response));
    }
    handle(request, response);
  });
  return {
    server,
    /** Resolves with the URL of the server. Port 0 takes a free port. */
    listen: (port: number, host: string) => listen(server, port, host),
    /** Refuses new connections and ends event streams. Resolves when the requests in flight are answered. */
    async drain() {
      isDraining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const stream of streams) stream.end();
      server.closeIdleConnections();
      await closed;
    },
  };
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
