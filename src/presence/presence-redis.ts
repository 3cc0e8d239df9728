import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Bus } from '../bus/bus.ts';
import type { Log } from '../log.ts';
import { createConnectionCounts, type Presence } from './presence.ts';
import { createPresenceTrackers } from './presence-tracker.ts';

// A node that died is believed this long, and missed when it is next looked: 14 seconds at most.
const TIME_TO_LIVE_MS = 12_000;
const REFRESHES = 3;
const LOOKS = 6;
const COMMAND_TIMEOUT_MS = 2_000;
// Of one command: Redis does nothing else meanwhile.
const MAX_IDS = 1_000;

export interface RedisPresenceOptions {
  url: string;
  bus: Bus;
  log: Log;
  timeToLiveMs?: number;
}

/**
 * The presence of several nodes. Of each organization every node keeps a set of the people who are connected to it, which is gone
 * when the node does not say again and again that it lives: that costs the same for one person and for ten thousand. A list
 * of the nodes says which sets there are. Who comes or goes is announced, and whoever listens then looks.
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
  // What was said while it broke may have been heard or not.
  redis.on('ready', () => {
    for (const organizationId of sockets.organizations()) void tellAll(organizationId);
  });
  const rooms = createPresenceTrackers(readOnline);
  const sockets = createConnectionCounts({
    async onFirst(organizationId, id) {
      await tell(live(redis.pipeline().sadd(peopleKey(organizationId, node), id), organizationId));
      announce(organizationId, id);
    },
    async onLast(organizationId, id) {
      await tell(redis.pipeline().srem(peopleKey(organizationId, node), id));
      announce(organizationId, id);
    },
  });
  const refreshing = setInterval(() => void refresh(), timeToLiveMs / REFRESHES);
  const looking = setInterval(rooms.refreshAll, timeToLiveMs / LOOKS);
  bus.onReconnect(rooms.refreshAll);

  type Pipeline = ReturnType<Redis['pipeline']>;

  /** The node lives, and so do those who are connected to it. */
  function live(pipeline: Pipeline, organizationId: string): Pipeline {
    const [people, nodes] = [peopleKey(organizationId, node), nodesKey(organizationId)];
    pipeline.pexpire(people, timeToLiveMs);
    return pipeline.zadd(nodes, Date.now() + timeToLiveMs, node).pexpire(nodes, timeToLiveMs);
  }

  async function refresh() {
    const pipeline = redis.pipeline();
    const told = sockets.organizations().map((organizationId) => {
      // Nodes that died.
      pipeline.zremrangebyscore(nodesKey(organizationId), '-inf', Date.now() - timeToLiveMs);
      live(pipeline, organizationId).scard(peopleKey(organizationId, node));
      return { organizationId, expected: sockets.count(organizationId), answer: pipeline.length - 1 };
    });
    if (told.length === 0) return;
    const answers = await tell(pipeline);
    for (const { organizationId, expected, answer } of told) {
      const count = answers?.[answer]?.[1];
      // Redis has forgotten some: it was set back, or this node was frozen.
      if (typeof count === 'number' && count !== expected) void tellAll(organizationId);
    }
  }

  async function tellAll(organizationId: string) {
    const ids = sockets.idsOf(organizationId);
    const key = peopleKey(organizationId, node);
    const pipeline = redis.multi().del(key);
    for (let from = 0; from < ids.length; from += MAX_IDS)
      pipeline.sadd(key, ...ids.slice(from, from + MAX_IDS));
    await tell(live(pipeline, organizationId));
  }

  async function tell(pipeline: Pipeline) {
    try {
      return await pipeline.exec();
    } catch (error) {
      log.debug({ err: error }, 'presence was not told; it is again in a moment');
      return null;
    }
  }

  function announce(organizationId: string, id: string) {
    bus.publish(channelOf(organizationId), id);
    // Here at least it is known.
    if (!bus.isUp()) rooms.refresh(organizationId, id);
  }

  async function readOnline(organizationId: string, ids?: readonly string[]) {
    const own = () =>
      ids ? ids.filter((id) => sockets.has(organizationId, id)) : sockets.idsOf(organizationId);
    try {
      const others = await readOthers(organizationId, ids);
      return { found: new Set([...others, ...own()]), isPartial: false };
    } catch (error) {
      log.debug({ err: error }, 'presence was not read; it is again in a moment');
      // Without Redis a node knows of its own sockets.
      return { found: new Set(own()), isPartial: true };
    }
  }

  /** Those who are connected to other nodes; of these people alone, where some are named. */
  async function readOthers(organizationId: string, ids?: readonly string[]): Promise<string[]> {
    const nodes = await redis.zrange(nodesKey(organizationId), 0, -1);
    const keys = nodes.filter((other) => other !== node).map((other) => peopleKey(organizationId, other));
    if (keys.length === 0) return [];
    if (!ids) return redis.sunion(keys);
    const pipeline = redis.pipeline();
    for (const id of ids) for (const key of keys) pipeline.sismember(key, id);
    const answers = (await pipeline.exec()) ?? [];
    return ids.filter((_id, index) =>
      keys.some((_key, other) => answers[index * keys.length + other]?.[1] === 1),
    );
  }

  return {
    trackConnection: sockets.add,
    findOnline: async (organizationId, ids) => (await readOnline(organizationId, ids)).found,
    listen: (organizationId, listener) =>
      rooms.listen(organizationId, listener, () =>
        bus.subscribe(channelOf(organizationId), (id) => rooms.refresh(organizationId, id)),
      ),
    async stop() {
      clearInterval(refreshing);
      clearInterval(looking);
      redis.disconnect();
    },
  };
}

function peopleKey(organizationId: string, node: string): string {
  return `parley:online:${organizationId}:${node}`;
}

function nodesKey(organizationId: string): string {
  return `parley:online:${organizationId}`;
}

function channelOf(organizationId: string): string {
  return `parley:presence:${organizationId}`;
}
