import { connectRedis, type RedisLinkOptions } from '../bus/redis-connection.ts';
import { KEYS } from '../bus/redis-names.ts';
import { createLinks } from '../links.ts';
import type { Log } from '../log.ts';
import type { Activity, ActivityStore, ConversationRef } from './activity-store.ts';

/** The activity store of several nodes: one hash per conversation, which expires with the last activity in it. */
export function connectRedisActivityStore(
  url: string,
  log: Log,
  { links = createLinks(log), answerTimeoutMs }: RedisLinkOptions = {},
): ActivityStore {
  const redis = connectRedis(url, {
    role: 'commands',
    link: links.add('redis.activity', 'a new subscriber does not see what others are doing'),
    answerTimeoutMs,
  });

  return {
    async save(conversation, { actorId, activity, forMs }) {
      const key = keyOf(conversation);
      const pipeline = redis.pipeline();
      if (activity === 'NONE') pipeline.hdel(key, actorId);
      else pipeline.hset(key, actorId, `${Date.now() + forMs} ${activity}`).pexpire(key, forMs);
      await pipeline.exec().catch((error) => log.debug({ err: error }, 'activity was not stored'));
    },
    async read(conversation) {
      const now = Date.now();
      const { conversationId } = conversation;
      const entries = Object.entries(await redis.hgetall(keyOf(conversation)));
      return entries.map(([actorId, value]) => {
        const [expiresAt, activity] = value.split(' ');
        return { conversationId, actorId, activity: activity as Activity, forMs: Number(expiresAt) - now };
      });
    },
    async stop() {
      redis.disconnect();
    },
  };
}

function keyOf({ organizationId, conversationId }: ConversationRef): string {
  return KEYS.activity(organizationId, conversationId);
}
