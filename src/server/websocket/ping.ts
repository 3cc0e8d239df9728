import type { SubscriptionSocket } from './subscription-socket.ts';

const PING_SLICES = 48;
// An unmasked ping frame without payload.
const PING = Buffer.from([0x89, 0]);

/**
 * Heartbeat: pings every websocket once per interval, and terminates those that have not answered the previous ping. One
 * timer pings a slice of the websockets at a time, so that the load is spread over the interval.
 */
export function startPing(intervalMs: number) {
  const slices = Array.from({ length: PING_SLICES }, () => new Set<SubscriptionSocket>());
  let tick = 0;
  let added = 0;

  function ping(subscriptionSocket: SubscriptionSocket) {
    const { socket, raw } = subscriptionSocket;
    if (subscriptionSocket.isAwaitingPong) return socket.terminate();
    subscriptionSocket.startInterval();
    // Written to the stream directly: ws would build the frame again for each of ten thousand websockets.
    if (socket.readyState === socket.OPEN) raw.write(PING);
  }

  const timer = setInterval(() => {
    for (const subscriptionSocket of slices[tick++ % PING_SLICES] ?? []) {
      try {
        ping(subscriptionSocket);
      } catch {
        // The other websockets are pinged all the same.
        subscriptionSocket.socket.terminate();
      }
    }
  }, intervalMs / PING_SLICES);
  // A server that fails to listen is never stopped, and must not keep the process alive.
  timer.unref();

  return {
    /** Returns a function that removes the websocket again. */
    add(socket: SubscriptionSocket): () => void {
      const slice = slices[added++ % PING_SLICES];
      slice?.add(socket);
      return () => slice?.delete(socket);
    },
    stop: () => clearInterval(timer),
  };
}
