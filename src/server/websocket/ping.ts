import type { SubscriptionSocket } from './subscription-socket.ts';

const PING_SLICES = 48;
// A ping without text, as a server sends it.
const PING = Buffer.from([0x89, 0]);

/** Ends sockets whose other side is gone without a word. One timer for all, which asks some of them at a time. */
export function startPing(intervalMs: number) {
  const turns = Array.from({ length: PING_SLICES }, () => new Set<SubscriptionSocket>());
  let turn = 0;
  let arrived = 0;

  function ask(live: SubscriptionSocket) {
    const { socket, raw } = live;
    if (live.isAwaitingPong) return socket.terminate();
    live.isAwaitingPong = true;
    // As frames are written: past ws, which would make this one anew for each of ten thousand.
    if (socket.readyState === socket.OPEN) raw.write(PING);
  }

  const timer = setInterval(() => {
    for (const live of turns[turn++ % PING_SLICES] ?? []) ask(live);
  }, intervalMs / PING_SLICES);
  // Where the server never comes to listen, nobody stops it.
  timer.unref();

  return {
    /** Returns how to end it. */
    add(live: SubscriptionSocket): () => void {
      const own = turns[arrived++ % PING_SLICES];
      own?.add(live);
      return () => own?.delete(live);
    },
    stop: () => clearInterval(timer),
  };
}
