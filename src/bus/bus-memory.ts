import type { Bus } from './bus.ts';

/** The bus of a single node. */
export function createMemoryBus(): Bus {
  const listeners = new Map<string, (message: string) => void>();
  return {
    publish(channel, message) {
      // Not in the publisher's own call: it must never wait for, or fail with, a listener.
      queueMicrotask(() => listeners.get(channel)?.(message));
    },
    async subscribe(channel, listener) {
      listeners.set(channel, listener);
      return async () => {
        if (listeners.get(channel) === listener) listeners.delete(channel);
      };
    },
    onReconnect() {
      // It is never down.
    },
    isUp: () => true,
    async stop() {
      listeners.clear();
    },
  };
}
