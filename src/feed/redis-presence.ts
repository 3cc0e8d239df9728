import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import type { Bus } from './bus.ts';
import { createSocketCounts, type Presence } from './presence.ts';
import { createPresenceRooms } from './presence-room.ts';

// A node that died is believed this long, and missed when it is next looked: 14 seconds at most.
const TIME_TO_LIVE_MS = 12_000;
const REFRESHES = 3;
const LOOKS = 6;
const COMMAND_TIMEOUT_MS = 2_000;

export interface RedisPresenceOptions {
  url: string;
  bus: Bus;
  log: Log;
  timeToLiveMs?: number;
}

/**
 * The presence of several nodes. Each person has a sorted set of the nodes that they are connected to, with the time until
 * which each is to be believed, and each organization one of all its people and their nodes; a node says again and again that it
 * lives. Who comes or goes is announced, and whoever listens then looks.
 */
export function connectRedisPresence(options: RedisPresenceOptions): Presence {
  const { url, bus, log, timeToLiveMs = TIME_TO_LIVE_MS } = options;
  const node = randomUUID();
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
  });
  redis.on('error', (error) => log.debug({ err: error }, 'the link to Redis broke; presence is unknown'));
  const rooms = createPresenceRooms(readOnline);
  const sockets = createSocketCounts({
    async onFirst(organizationId, id) {
      await tell(mark(redis.pipeline(), organizationId, id));
      announce(organizationId, id);
    },
    async onLast(organizationId, id) {
      const pipeline = redis.pipeline().zrem(personKey(organizationId, id), node);
      await tell(pipeline.zrem(organizationKey(organizationId), `${id} ${node}`));
      announce(organizationId, id);
    },
  });
  const refreshing = setInterval(() => {
    const pipeline = redis.pipeline();
    for (const organizationId of sockets.organizations()) {
      for (const id of sockets.idsOf(organizationId)) mark(pipeline, organizationId, id);
      // Those of nodes that died.
      pipeline.zremrangebyscore(organizationKey(organizationId), '-inf', Date.now() - timeToLiveMs);
    }
    if (pipeline.length > 0) void tell(pipeline);
  }, timeToLiveMs / REFRESHES);
  const looking = setInterval(rooms.lookAtAll, timeToLiveMs / LOOKS);
  bus.onRestored(rooms.lookAtAll);

  type Pipeline = ReturnType<Redis['pipeline']>;

  function mark(pipeline: Pipeline, organizationId: string, id: string): Pipeline {
    const until = Date.now() + timeToLiveMs;
    const [person, organization] = [personKey(organizationId, id), organizationKey(organizationId)];
    pipeline.zadd(person, until, node).pexpire(person, timeToLiveMs);
    return pipeline.zadd(organization, until, `${id} ${node}`).pexpire(organization, timeToLiveMs);
  }

  async function tell(pipeline: Pipeline) {
    await pipeline
      .exec()
      .catch((error) => log.debug({ err: error }, 'presence was not told; it is again in a moment'));
  }

  function announce(organizationId: string, id: string) {
    bus.publish(channelOf(organizationId), id);
    // Here at least it is known.
    if (!bus.isUp()) rooms.look(organizationId, id);
  }

  async function readOnline(organizationId: string, ids?: readonly string[]) {
    try {
      const found = ids ? await readSome(organizationId, ids) : await readAll(organizationId);
      return { found, isPartial: false };
    } catch (error) {
      log.debug({ err: error }, 'presence was not read; it is again in a moment');
      // Without Redis a node knows of its own sockets.
      const own = ids ?? sockets.idsOf(organizationId);
      return { found: new Set(own.filter((id) => sockets.has(organizationId, id))), isPartial: true };
    }
  }

  async function readAll(organizationId: string): Promise<Set<string>> {
    const members = await redis.zrangebyscore(organizationKey(organizationId), Date.now(), '+inf');
    const others = members.map((member) => member.split(' ', 1)[0] ?? '');
    return new Set([...others, ...sockets.idsOf(organizationId)]);
  }

  async function readSome(organizationId: string, ids: readonly string[]): Promise<Set<string>> {
    const pipeline = redis.pipeline();
    for (const id of ids) pipeline.zcount(personKey(organizationId, id), Date.now(), '+inf');
    const answers = await pipeline.exec();
    const isCounted = (index: number) => Number(answers?.[index]?.[1] ?? 0) > 0;
    return new Set(ids.filter((id, index) => isCounted(index) || sockets.has(organizationId, id)));
  }

  return {
    arrive: sockets.add,
    online: async (organizationId, ids) => (await readOnline(organizationId, ids)).found,
    listen: (organizationId, listener) =>
      rooms.listen(organizationId, listener, () =>
        bus.subscribe(channelOf(organizationId), (id) => rooms.look(organizationId, id)),
      ),
    async stop() {
      clearInterval(refreshing);
      clearInterval(looking);
      redis.disconnect();
    },
  };
}

function personKey(organizationId: string, id: string): string {
  return `parley:online:${organizationId}:${id}`;
}

function organizationKey(organizationId: string): string {
  return `parley:online:${organizationId}`;
}

function channelOf(organizationId: string): string {
  return `parley:presence:${organizationId}`;
}
