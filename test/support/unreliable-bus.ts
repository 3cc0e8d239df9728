import type { Bus } from '../../src/bus/bus.ts';
import type { LogEvent } from '../../src/feed/event.ts';

/** Fate of a message: how often it is delivered, or held until `release`. */
export type Fate = 0 | 1 | 2 | 'held';

/** A bus that loses, repeats, delays and reorders messages on demand. */
export function createUnreliableBus(fateOf: (event: LogEvent) => Fate = () => 1) {
  const listeners = new Map<string, (message: string) => void>();
  const restored: (() => void)[] = [];
  let held: { channel: string; message: string }[] = [];
  let fate = fateOf;

  function deliver({ channel, message }: { channel: string; message: string }) {
    listeners.get(channel)?.(message);
  }

  const bus: Bus = {
    publish(channel, message) {
      const becomes = fate(JSON.parse(message) as LogEvent);
      if (becomes === 'held') held.push({ channel, message });
      else for (let count = 0; count < becomes; count++) deliver({ channel, message });
    },
    async subscribe(channel, listener) {
      listeners.set(channel, listener);
      return async () => {
        if (listeners.get(channel) === listener) listeners.delete(channel);
      };
    },
    onReconnect(listener) {
      restored.push(listener);
    },
    isUp: () => true,
    async stop() {
      listeners.clear();
    },
  };

  return {
    bus,
    /** From now on. */
    treat(next: (event: LogEvent) => Fate) {
      fate = next;
    },
    /** Delivers the held messages in the order that `arrange` returns. */
    release(arrange: <T>(messages: T[]) => T[] = (messages) => messages) {
      const messages = arrange(held);
      held = [];
      for (const message of messages) deliver(message);
    },
    /** Delivers a message that is not an event. */
    babble(message: string) {
      for (const channel of listeners.keys()) deliver({ channel, message });
    },
    /** Reports that the connection was restored. */
    restore() {
      for (const listener of restored) listener();
    },
  };
}
