import type { Bus } from './bus.ts';

/** The bus of a single node. */
export function createMemoryBus(): Bus {
  const listeners = new Map<string, (message: string) => void>();
  return {
    publish(channel, message) {
      // Asynchronous as over a network: the publisher neither waits for a listener nor fails with it.
      queueMicrotask(() => listeners.get(channel)?.(message));
    },
    async subscribe(channel, listener) {
      listeners.set(channel, listener);
      return async () => {
        if (listeners.get(channel) === listener) listeners.delete(channel);
      };
    },
    // There is no connection that could break.
    onReconnect() {},
    isUp: () => true,
    async stop() {
      listeners.clear();
    },
  };
}
