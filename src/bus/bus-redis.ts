import type { Log } from '../log.ts';
import type { Bus } from './bus.ts';
import { connectRedis } from './redis-connection.ts';

/** The bus of several nodes. Starts without Redis as well: events then come from the log, later. */
export function connectRedisBus(url: string, log: Log): Bus {
  const onError = (error: Error) =>
    log.warn({ err: error }, 'no connection to Redis; events come from the log until there is one');
  const publisher = connectRedis(url, { role: 'commands', onError });
  const subscriber = connectRedis(url, { role: 'subscriptions', onError });

  const listeners = new Map<string, (message: string) => void>();
  const reconnectListeners: (() => void)[] = [];

  subscriber.on('message', (channel: string, message: string) => listeners.get(channel)?.(message));
  subscriber.on('ready', () => {
    resubscribe().catch((error) => log.warn({ err: error }, 'subscribing again after a reconnect failed'));
  });

  async function resubscribe() {
    if (listeners.size > 0) await subscriber.subscribe(...listeners.keys());
    for (const listener of reconnectListeners) listener();
  }

  return {
    publish(channel, message) {
      publisher.publish(channel, message).catch((error) => {
        log.debug({ err: error }, 'not published; followers read it from the log');
      });
    },
    async subscribe(channel, listener) {
      listeners.set(channel, listener);
      // Without a connection there is nothing to confirm: on `ready`, all listed channels are subscribed.
      if (subscriber.status === 'ready') {
        await subscriber.subscribe(channel).catch((error) => {
          log.warn({ err: error, channel }, 'not subscribed; events come from the log until the reconnect');
        });
      }
      return async () => {
        if (listeners.get(channel) !== listener) return;
        listeners.delete(channel);
        if (subscriber.status === 'ready') await subscriber.unsubscribe(channel).catch(() => undefined);
      };
    },
    onReconnect(listener) {
      reconnectListeners.push(listener);
    },
    isUp: () => publisher.status === 'ready' && subscriber.status === 'ready',
    async stop() {
      listeners.clear();
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}
