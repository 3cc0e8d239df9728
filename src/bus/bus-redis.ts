import { createLinks } from '../links.ts';
import type { Log } from '../log.ts';
import type { Bus } from './bus.ts';
import { connectRedis, type RedisLinkOptions } from './redis-connection.ts';

/** The bus of several nodes. Starts without Redis as well: events then come from the log, later. */
export function connectRedisBus(url: string, log: Log, options: RedisLinkOptions = {}): Bus {
  const { links = createLinks(log), answerTimeoutMs } = options;
  const listeners = new Map<string, (message: string) => void>();
  const reconnectListeners: (() => void)[] = [];
  const publisherLink = links.add('redis.publish', 'other nodes read events from the log, up to 2 s later');
  const subscriberLink = links.add('redis.subscribe', 'this node reads events from the log, up to 2 s later');

  const publisher = connectRedis(url, { role: 'commands', link: publisherLink, answerTimeoutMs });
  const subscriber = connectRedis(url, {
    ...{ role: 'subscriptions', link: subscriberLink, answerTimeoutMs },
    prepare: subscribeAll,
  });
  subscriber.on('message', (channel: string, message: string) => listeners.get(channel)?.(message));

  async function subscribeAll() {
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
      // Without a connection there is nothing to confirm: all listed channels are subscribed when there is one.
      if (subscriber.status === 'ready') {
        await subscriber.subscribe(channel).catch((error) => {
          const level = subscriberLink.isUp() ? 'warn' : 'debug';
          log[level]({ err: error, channel }, 'not subscribed; events come from the log until the reconnect');
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
    isUp: () => publisherLink.isUp() && subscriberLink.isUp(),
    async stop() {
      listeners.clear();
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}
