import { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import type { Bus } from './bus.ts';

const MAX_RETRY_PAUSE_MS = 2_000;
// A Redis that hangs, or goes away before it has answered, is not waited for: what is missed comes from the log.
const COMMAND_TIMEOUT_MS = 2_000;

/** The bus of several nodes. Starts without Redis, too: events then come from the log alone, later. */
export function connectRedisBus(url: string, log: Log): Bus {
  const common = {
    retryStrategy: (tries: number) => Math.min(50 * 2 ** Math.min(tries, 10), MAX_RETRY_PAUSE_MS),
    enableReadyCheck: true,
    commandTimeout: COMMAND_TIMEOUT_MS,
  };
  // A Redis connection that subscribes can do nothing else, hence two.
  const publisher = new Redis(url, { ...common, enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  // Subscribing again is done below, since ioredis does not tell when it has been confirmed.
  const subscriber = new Redis(url, { ...common, autoResubscribe: false, maxRetriesPerRequest: null });

  const listeners = new Map<string, (message: string) => void>();
  const restored: (() => void)[] = [];

  for (const [name, link] of Object.entries({ publisher, subscriber })) {
    link.on('error', (error) =>
      log.warn({ err: error, link: name }, 'the link to Redis broke; events now come from the log'),
    );
  }
  subscriber.on('message', (channel: string, message: string) => listeners.get(channel)?.(message));
  subscriber.on('ready', () => {
    resubscribe().catch((error) => log.warn({ err: error }, 'could not subscribe again'));
  });

  async function resubscribe() {
    if (listeners.size > 0) await subscriber.subscribe(...listeners.keys());
    for (const listener of restored) listener();
  }

  return {
    publish(channel, message) {
      publisher.publish(channel, message).catch((error) => {
        log.debug({ err: error }, 'not published; followers will read it from the log');
      });
    },
    async subscribe(channel, listener) {
      listeners.set(channel, listener);
      // While the link is down there is nothing to confirm: `ready` subscribes to all that is listed.
      if (subscriber.status === 'ready') {
        await subscriber.subscribe(channel).catch((error) => {
          log.warn(
            { err: error, channel },
            'not subscribed; events come from the log until the link is restored',
          );
        });
      }
      return async () => {
        if (listeners.get(channel) !== listener) return;
        listeners.delete(channel);
        if (subscriber.status === 'ready') await subscriber.unsubscribe(channel).catch(() => undefined);
      };
    },
    onReconnect(listener) {
      restored.push(listener);
    },
    isUp: () => publisher.status === 'ready' && subscriber.status === 'ready',
    async stop() {
      listeners.clear();
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}
