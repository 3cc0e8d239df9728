import type { Duplex } from 'node:stream';

/** Answers with a status line alone, where Node.js gives no response object, and closes the connection. `retryAfter` is in seconds. */
export function endWithStatus(socket: Duplex, status: string, retryAfter?: number) {
  const retry = retryAfter === undefined ? '' : `Retry-After: ${retryAfter}\r\n`;
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\n${retry}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}
