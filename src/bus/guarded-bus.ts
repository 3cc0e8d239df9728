import type { Log } from '../log.ts';
import type { Bus } from './bus.ts';

/** A bus that logs what its listeners throw: it would reach the microtask or socket that delivers messages, and end the process. */
export function guardListeners(bus: Bus, log: Log): Bus {
  function guard<Args extends unknown[]>(listener: (...args: Args) => void) {
    return (...args: Args) => {
      try {
        listener(...args);
      } catch (error) {
        log.error({ err: error }, 'a listener of the bus failed');
      }
    };
  }
  return {
    ...bus,
    subscribe: (channel, listener) => bus.subscribe(channel, guard(listener)),
    onReconnect: (listener) => bus.onReconnect(guard(listener)),
  };
}
