import type { WebSocket } from 'ws';
import { LIMITS } from '../../limits.ts';

/**
 * Sends an answer to a message of the client. While more than a bound waits for a client that does not read, nothing is read from it either: so
 * it can't make the node hold any number of answers. The heartbeat ends it. Resolves when the answer is sent, or can't be sent any more.
 */
export function sendReply(socket: WebSocket, text: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve();
  return new Promise((resolve) => {
    // A connection that breaks has an event of its own.
    socket.send(text, () => resolve());
    if (socket.bufferedAmount > LIMITS.unsentBytes) socket.pause();
  });
}
