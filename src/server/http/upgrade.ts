import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Log } from '../../log.ts';
import { endWithStatus } from './raw-response.ts';

// Headers of an upgrade, which are also options of the Connection header.
const UPGRADE_HEADERS = new Set(['upgrade', 'http2-settings']);

export interface UpgradeOptions {
  /** Status line with which a websocket is rejected; null accepts it. */
  findRejection: (request: IncomingMessage) => string | null;
  /** Whether an earlier request of the connection is still to be answered: then neither protocol can go on. */
  isBusy: (socket: Duplex) => boolean;
  accept: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  log: Log;
}

/** Accepts or rejects requests for a websocket. A request for any other protocol is answered over HTTP/1.1, as RFC 9110 (7.8) allows. */
export function acceptUpgrades(server: Server, { findRejection, isBusy, accept, log }: UpgradeOptions) {
  function logError(error: Error) {
    log.debug({ err: error }, 'a connection broke at its upgrade');
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Before anything else: Node.js has removed its own listener, and an error without one ends the process.
    socket.on('error', logError);
    try {
      if (isBusy(socket)) return socket.destroy();
      if (!asksForWebSocket(request)) {
        answerAsHttp(server, { request, socket, head });
        socket.off('error', logError);
        return;
      }
      const rejection = findRejection(request);
      if (rejection) endWithStatus(socket, rejection);
      else accept(request, socket, head);
    } catch (error) {
      log.error({ err: error }, 'an upgrade failed');
      socket.destroy();
    }
  });
}

function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * Gives the connection back to the HTTP server, with the same request except that it asks for no upgrade. Node.js before 24.9 hands each request with
 * an Upgrade header to the listener for upgrades, whose parser has ended: so the body, if any, is still to be read.
 */
function answerAsHttp(
  server: Server,
  { request, socket, head }: { request: IncomingMessage; socket: Duplex; head: Buffer },
) {
  socket.unshift(Buffer.concat([Buffer.from(headWithoutUpgrade(request), 'latin1'), head]));
  server.emit('connection', socket);
}

function headWithoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    if (UPGRADE_HEADERS.has(name.toLowerCase())) continue;
    const kept = name.toLowerCase() === 'connection' ? withoutUpgrade(value) : value;
    lines.push(`${name}: ${kept}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function withoutUpgrade(connection: string): string {
  const options = connection.split(',').map((option) => option.trim());
  return options.filter((option) => !UPGRADE_HEADERS.has(option.toLowerCase())).join(', ') || 'keep-alive';
}
