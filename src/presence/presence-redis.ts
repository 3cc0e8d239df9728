import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Bus } from '../bus/bus.ts';
import { connectRedis, type RedisLinkOptions } from '../bus/redis-connection.ts';
import { CHANNELS, KEYS } from '../bus/redis-names.ts';
import { createLinks } from '../links.ts';
import type { Log } from '../log.ts';
import { createConnectionCounts, type Presence } from './presence.ts';
import { createPresenceTrackers } from './presence-tracker.ts';

// Entries of a crashed node expire after this time, and listeners see it at the next read: 14 seconds at most.
const TIME_TO_LIVE_MS = 12_000;
const HEARTBEATS_PER_TTL = 3;
const READS_PER_TTL = 6;
// Ids in one command: Redis runs nothing else meanwhile.
const MAX_IDS_PER_COMMAND = 1_000;

type Pipeline = ReturnType<Redis['pipeline']>;

export interface RedisPresenceOptions extends RedisLinkOptions {
  url: string;
  bus: Bus;
  log: Log;
  timeToLiveMs?: number;
}

/**
 * The presence of several nodes. For each organization, each node keeps a set of its connected actors, and refreshes its TTL by a
 * heartbeat, at the same cost for one actor and for ten thousand. A sorted set of nodes says which sets there are. Changes
 * are broadcast as the actor's id; listeners then read that actor's presence.
 */
export function connectRedisPresence(options: RedisPresenceOptions): Presence {
  const {
    url,
    bus,
    log,
    timeToLiveMs = TIME_TO_LIVE_MS,
    links = createLinks(log),
    answerTimeoutMs,
  } = options;
  const nodeId = randomUUID();
  const redis = connectRedis(url, {
    role: 'commands',
    link: links.add('redis.presence', 'who is online at other nodes is unknown'),
    answerTimeoutMs,
  });
  // Commands that were sent when the connection broke may have been lost.
  redis.on('ready', () => {
    for (const organizationId of connections.organizationIds()) run(writeAll(organizationId));
  });
  const trackers = createPresenceTrackers({ read: readOnline, log });
  const connections = createConnectionCounts({
    onFirst: (organizationId, id) => run(announceFirst(organizationId, id)),
    onLast: (organizationId, id) => run(announceLast(organizationId, id)),
  });
  const heartbeatTimer = setInterval(() => run(sendHeartbeat()), timeToLiveMs / HEARTBEATS_PER_TTL);
  const readTimer = setInterval(trackers.refreshAll, timeToLiveMs / READS_PER_TTL);
  bus.onReconnect(trackers.refreshAll);

  /** Owns the errors of work that nobody waits for. */
  function run(work: Promise<void>) {
    work.catch((error: unknown) => log.error({ err: error }, 'presence was not written'));
  }

  async function announceFirst(organizationId: string, id: string) {
    const pipeline = redis.pipeline().sadd(KEYS.presenceActors(organizationId, nodeId), id);
    await send(refreshTtl(pipeline, organizationId));
    broadcast(organizationId, id);
  }

  async function announceLast(organizationId: string, id: string) {
    await send(redis.pipeline().srem(KEYS.presenceActors(organizationId, nodeId), id));
    broadcast(organizationId, id);
  }

  /** Refreshes the TTL of this node's entries in the organization. */
  function refreshTtl(pipeline: Pipeline, organizationId: string): Pipeline {
    const nodesKey = KEYS.presenceNodes(organizationId);
    pipeline.pexpire(KEYS.presenceActors(organizationId, nodeId), timeToLiveMs);
    return pipeline.zadd(nodesKey, Date.now() + timeToLiveMs, nodeId).pexpire(nodesKey, timeToLiveMs);
  }

  async function sendHeartbeat() {
    const pipeline = redis.pipeline();
    const expected = connections.organizationIds().map((organizationId) => {
      // Drops nodes whose entries have expired.
      pipeline.zremrangebyscore(KEYS.presenceNodes(organizationId), '-inf', Date.now() - timeToLiveMs);
      refreshTtl(pipeline, organizationId).scard(KEYS.presenceActors(organizationId, nodeId));
      return { organizationId, actors: connections.countActors(organizationId), at: pipeline.length - 1 };
    });
    if (expected.length === 0) return;
    const answers = await send(pipeline);
    for (const { organizationId, actors, at } of expected) {
      const stored = answers?.[at]?.[1];
      // Redis lost entries: it was restored from a backup, or they expired while this node was frozen.
      if (typeof stored === 'number' && stored !== actors) run(writeAll(organizationId));
    }
  }

  /** Replaces this node's set of actors. */
  async function writeAll(organizationId: string) {
    const ids = connections.actorIds(organizationId);
    const key = KEYS.presenceActors(organizationId, nodeId);
    const pipeline = redis.multi().del(key);
    for (let from = 0; from < ids.length; from += MAX_IDS_PER_COMMAND)
      pipeline.sadd(key, ...ids.slice(from, from + MAX_IDS_PER_COMMAND));
    await send(refreshTtl(pipeline, organizationId));
  }

  async function send(pipeline: Pipeline) {
    try {
      return await pipeline.exec();
    } catch (error) {
      log.debug({ err: error }, 'presence was not written; the next heartbeat corrects it');
      return null;
    }
  }

  function broadcast(organizationId: string, id: string) {
    bus.publish(CHANNELS.presence(organizationId), id);
    // Without the bus, listeners of this node still hear it.
    if (!bus.isUp()) trackers.refresh(organizationId, id);
  }

  async function readOnline(organizationId: string, ids?: readonly string[]) {
    const connectedHere = () =>
      ids ? ids.filter((id) => connections.has(organizationId, id)) : connections.actorIds(organizationId);
    try {
      const elsewhere = await readOtherNodes(organizationId, ids);
      return { found: new Set([...elsewhere, ...connectedHere()]), isPartial: false };
    } catch (error) {
      log.debug({ err: error }, 'presence was not read; only connections of this node are known');
      return { found: new Set(connectedHere()), isPartial: true };
    }
  }

  /** Actors that are connected to other nodes; with `ids`, those of them. */
  async function readOtherNodes(organizationId: string, ids?: readonly string[]): Promise<string[]> {
    const nodeIds = await redis.zrange(KEYS.presenceNodes(organizationId), 0, '-1');
    const keys = nodeIds
      .filter((other) => other !== nodeId)
      .map((other) => KEYS.presenceActors(organizationId, other));
    if (keys.length === 0) return [];
    if (!ids) return redis.sunion(keys);
    const pipeline = redis.pipeline();
    for (const id of ids) for (const key of keys) pipeline.sismember(key, id);
    const answers = (await pipeline.exec()) ?? [];
    return ids.filter((_id, index) =>
      keys.some((_key, keyIndex) => answers[index * keys.length + keyIndex]?.[1] === 1),
    );
  }

  return {
    trackConnection: connections.add,
    findOnline: async (organizationId, ids) => (await readOnline(organizationId, ids)).found,
    listen: (organizationId, listener) =>
      trackers.listen(organizationId, listener, () =>
        bus.subscribe(CHANNELS.presence(organizationId), (id) => trackers.refresh(organizationId, id)),
      ),
    async stop() {
      clearInterval(heartbeatTimer);
      clearInterval(readTimer);
      redis.disconnect();
    },
  };
}
