import { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import type { Activity, ActivityStore, ConversationRef } from './activity-store.ts';

/** The activity of several nodes: of each conversation a hash of who does what until when, which is gone with the last of them. */
export function connectRedisActivityStore(url: string, log: Log): ActivityStore {
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 2_000 });
  redis.on('error', (error) => log.debug({ err: error }, 'the link to Redis broke; activity is not kept'));

  return {
    async save(place, { actorId, activity, forMs }) {
      const key = keyOf(place);
      const pipeline = redis.pipeline();
      if (activity === 'NONE') pipeline.hdel(key, actorId);
      else pipeline.hset(key, actorId, `${Date.now() + forMs} ${activity}`).pexpire(key, forMs);
      await pipeline.exec().catch((error) => log.debug({ err: error }, 'activity was not kept'));
    },
    async read(place) {
      const now = Date.now();
      const kept = Object.entries(await redis.hgetall(keyOf(place)));
      return kept.map(([actorId, value]) => {
        const [until, activity] = value.split(' ');
        const { conversationId } = place;
        return { conversationId, actorId, activity: activity as Activity, forMs: Number(until) - now };
      });
    },
    async stop() {
      redis.disconnect();
    },
  };
}

function keyOf({ organizationId, conversationId }: ConversationRef): string {
  return `parley:activity:${organizationId}:${conversationId}`;
}
