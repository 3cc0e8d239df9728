import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import type { Log } from '../../log.ts';
import type { Admission } from '../admission.ts';
import { endWithStatus } from '../http/raw-response.ts';
import { toShareError } from '../http/request-error.ts';

export interface HandshakeOptions {
  sockets: WebSocketServer;
  admission: Pick<Admission, 'countHandshake' | 'openSocketOfAddress'>;
  log: Log;
}

/** Completes the handshake of a websocket, unless its address has used up its share: that is answered with 429. */
export function createHandshake({ sockets, admission, log }: HandshakeOptions) {
  async function accept(request: IncomingMessage, socket: Duplex, head: Buffer) {
    await admission.countHandshake(request);
    if (socket.destroyed) return;
    socket.once('close', admission.openSocketOfAddress(request));
    sockets.handleUpgrade(request, socket, head, (opened) =>
      sockets.emit('connection', opened, socket, request),
    );
  }

  return function acceptHandshake(request: IncomingMessage, socket: Duplex, head: Buffer) {
    accept(request, socket, head).catch((error: unknown) => {
      const refusal = toShareError(error);
      if (refusal) return endWithStatus(socket, '429 Too Many Requests', refusal.retryAfter);
      log.error({ err: error }, 'a handshake failed');
      socket.destroy();
    });
  };
}
