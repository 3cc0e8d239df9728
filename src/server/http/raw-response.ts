import type { Duplex } from 'node:stream';

/** Answers with a status line alone, where Node.js gives no response object, and closes the connection. */
export function endWithStatus(socket: Duplex, status: string) {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
