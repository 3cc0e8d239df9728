import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import { createSocketCounts, type Presence, presenceKey } from './presence.ts';

// A node that died is believed this long.
const TIME_TO_LIVE_MS = 15_000;
const REFRESH_MS = 5_000;

/**
 * The presence of several nodes. Each person has a sorted set of the nodes that they are connected to, with the time until
 * which each is to be believed; a node says again and again that it lives.
 */
export function connectRedisPresence(url: string, log: Log): Presence {
  const node = randomUUID();
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  redis.on('error', (error) => log.debug({ err: error }, 'the link to Redis broke; presence is unknown'));
  const sockets = createSocketCounts({
    onFirst: (key) => tell(redis.pipeline().zadd(key, until(), node).pexpire(key, TIME_TO_LIVE_MS)),
    onLast: (key) => tell(redis.pipeline().zrem(key, node)),
  });
  const timer = setInterval(() => {
    const pipeline = redis.pipeline();
    for (const key of sockets.keys()) pipeline.zadd(key, until(), node).pexpire(key, TIME_TO_LIVE_MS);
    if (pipeline.length > 0) tell(pipeline);
  }, REFRESH_MS);

  function tell(pipeline: ReturnType<Redis['pipeline']>) {
    pipeline
      .exec()
      .catch((error) => log.debug({ err: error }, 'presence was not told; it is again in a moment'));
  }

  return {
    arrive: (organizationId, id) => sockets.add(presenceKey(organizationId, id)),
    async online(organizationId, ids) {
      const pipeline = redis.pipeline();
      for (const id of ids) pipeline.zcount(presenceKey(organizationId, id), Date.now(), '+inf');
      const answers = await pipeline.exec().catch(() => null);
      // Without Redis a node knows of its own sockets.
      return new Set(
        ids.filter(
          (id, index) =>
            Number(answers?.[index]?.[1] ?? 0) > 0 || sockets.has(presenceKey(organizationId, id)),
        ),
      );
    },
    async stop() {
      clearInterval(timer);
      redis.disconnect();
    },
  };
}

function until(): number {
  return Date.now() + TIME_TO_LIVE_MS;
}
