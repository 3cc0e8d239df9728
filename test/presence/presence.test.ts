import { createClient } from 'graphql-ws';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import type { Bus } from '../../src/bus/bus.ts';
import { connectRedisBus } from '../../src/bus/bus-redis.ts';
import { newId } from '../../src/ids.ts';
import { createLog } from '../../src/log.ts';
import type { Presence } from '../../src/presence/presence.ts';
import { createMemoryPresence } from '../../src/presence/presence-memory.ts';
import { connectRedisPresence } from '../../src/presence/presence-redis.ts';
import { startGateways } from '../support/gateway.ts';
import { createOrganization } from '../support/organization.ts';
import { createReceiveQueue } from '../support/receive-queue.ts';

const REDIS = process.env.TEST_REDIS_URL;
const log = createLog('fatal');
const TIME_TO_LIVE_MS = 600;

function startPresence(kind: string): Presence {
  if (kind === 'memory') return createMemoryPresence(log);
  const bus: Bus = connectRedisBus(REDIS ?? '', log);
  const presence = connectRedisPresence({ url: REDIS ?? '', bus, log, timeToLiveMs: TIME_TO_LIVE_MS });
  onTestFinished(async () => {
    await Promise.all([presence.stop(), bus.stop()]);
  });
  return presence;
}

/** Collects the changes that the listener gets. */
async function listen(presence: Presence, organizationId: string) {
  const inbox = createReceiveQueue<[string, boolean]>('change');
  const all: [string, boolean][] = [];
  const end = await presence.listen(organizationId, (id, isOnline) => {
    all.push([id, isOnline]);
    inbox.put([id, isOnline]);
  });
  onTestFinished(end);
  return { next: inbox.next, all, end };
}

describe.each(['memory', ...(REDIS ? ['redis'] : [])])('%s', (kind) => {
  test('a viewer is online from the first connection to the last', async () => {
    const presence = startPresence(kind);
    const [organizationId, id, other] = [newId('Organization'), newId('User'), newId('User')];
    const isOnline = async () => (await presence.findOnline(organizationId, [other, id])).has(id);

    expect(await isOnline()).toBe(false);
    const [leave, leaveToo] = [
      presence.trackConnection(organizationId, id),
      presence.trackConnection(organizationId, id),
    ];
    await expect.poll(isOnline).toBe(true);
    leave();
    leave();
    expect(await isOnline()).toBe(true);
    leaveToo();
    await expect.poll(isOnline).toBe(false);
    expect(await presence.findOnline(organizationId, [other])).toEqual(new Set());
  });

  test('a listener gets everybody online, and then each change once', async () => {
    const presence = startPresence(kind);
    const [organizationId, id, other] = [newId('Organization'), newId('User'), newId('Contact')];
    const leave = presence.trackConnection(organizationId, id);
    presence.trackConnection(newId('Organization'), newId('User'));
    const { next, all, end } = await listen(presence, organizationId);
    expect(await next()).toEqual([id, true]);
    const endOther = presence.trackConnection(organizationId, other);
    expect(await next()).toEqual([other, true]);
    presence.trackConnection(organizationId, other)();
    leave();
    expect(await next()).toEqual([id, false]);
    const later = await listen(presence, organizationId);
    expect(await later.next()).toEqual([other, true]);
    end();
    endOther();
    expect(await later.next()).toEqual([other, false]);
    expect(all).toHaveLength(3);
  });
});

describe.runIf(REDIS)('on several nodes', () => {
  test('changes reach listeners on the other node; a viewer on both nodes is online until the last connection ends', async () => {
    const [one, other] = [startPresence('redis'), startPresence('redis')];
    const [organizationId, id, last] = [newId('Organization'), newId('User'), newId('User')];
    const { next, all } = await listen(one, organizationId);
    const leaveOther = other.trackConnection(organizationId, id);
    expect(await next()).toEqual([id, true]);
    const leaveOne = one.trackConnection(organizationId, id);
    leaveOther();
    other.trackConnection(organizationId, last);
    expect(await next()).toEqual([last, true]);
    leaveOne();
    expect(await next()).toEqual([id, false]);
    expect(all).toHaveLength(3);
  });

  test('viewers of a dead node go offline after its TTL; those of a live node stay online', async () => {
    const [one, other] = [startPresence('redis'), startPresence('redis')];
    const [organizationId, id, stays] = [newId('Organization'), newId('User'), newId('User')];
    const { next, all } = await listen(one, organizationId);
    one.trackConnection(organizationId, stays);
    other.trackConnection(organizationId, id);
    const came = [await next(), await next()];
    expect(came.map(([who]) => who).sort()).toEqual([id, stays].sort());
    // A key that is not refreshed marks the time: it expires after two TTLs.
    await expireInRedis(2 * TIME_TO_LIVE_MS);
    expect(all).toHaveLength(2);
    await other.stop();
    expect(await next()).toEqual([id, false]);
    expect(await one.findOnline(organizationId, [id, stays])).toEqual(new Set([stays]));
  });

  test('the refresh of a node does not depend on the number of its connections', async () => {
    const [one, other] = [startPresence('redis'), startPresence('redis')];
    const organizationId = newId('Organization');
    const people = Array.from({ length: 50 }, () => newId('Contact'));
    const { next } = await listen(other, organizationId);
    for (const id of people) one.trackConnection(organizationId, id);
    for (const _ of people) await next();

    const said = await monitor(organizationId);
    // Three refreshes, so that at least two are complete.
    const commands = [];
    for (let refreshes = 0; refreshes < 3; ) {
      const command = await said();
      commands.push(command);
      if (command[0] === 'zadd') refreshes += 1;
    }
    expect(commands.flat().filter((word) => people.some((id) => word.includes(id)))).toEqual([]);
    expect(await other.findOnline(organizationId, people)).toEqual(new Set(people));
  });

  test('entries that Redis has lost are written again', async () => {
    const [one, other] = [startPresence('redis'), startPresence('redis')];
    const organizationId = newId('Organization');
    const people = [newId('User'), newId('Contact'), newId('Contact')];
    const { next } = await listen(other, organizationId);
    for (const id of people) one.trackConnection(organizationId, id);
    for (const _ of people) expect(people).toContain((await next())[0]);
    const redis = new Redis(REDIS ?? '');
    onTestFinished(() => redis.disconnect());
    await redis.del(...(await redis.keys(`parley:online:${organizationId}*`)));
    expect(await other.findOnline(organizationId, people)).toEqual(new Set());
    await expect
      .poll(() => other.findOnline(organizationId, people), { timeout: 10_000 })
      .toEqual(new Set(people));
  });
});

/** Resolves when a key with this TTL has expired in Redis. */
async function expireInRedis(ttlMs: number) {
  const redis = new Redis(REDIS ?? '');
  onTestFinished(() => redis.disconnect());
  const key = `parley:test:${newId('User')}`;
  await redis.set(key, '', 'PX', ttlMs);
  await expect.poll(() => redis.exists(key), { timeout: 20 * ttlMs }).toBe(0);
}

/** The commands on keys with this word that Redis receives from now on. */
async function monitor(word: string) {
  const redis = new Redis(REDIS ?? '');
  const link = await redis.monitor();
  onTestFinished(() => {
    redis.disconnect();
    link.disconnect();
  });
  const commands = createReceiveQueue<string[]>('command');
  link.on('monitor', (_time: string, words: string[]) => {
    if (words.some((one) => one.includes(word))) commands.put(words);
  });
  return commands.next;
}

test('isOnline is true for a connection on any node', async () => {
  const nodes = await startGateways(REDIS && process.env.TEST_DATABASE_URL ? 2 : 1);
  const [here, there] = [nodes[0], nodes.at(-1)];
  if (!here || !there) throw new Error('no node was started');
  const organization = await createOrganization(here);
  const onlineThere = async () => {
    const { data } = await there.ask(
      organization.colleague,
      '{ users(first: 10) { nodes { name isOnline } } contacts { nodes { isOnline } } }',
    );
    return data.users.nodes
      .filter((user: { isOnline: boolean }) => user.isOnline)
      .map((user: { name: string }) => user.name);
  };
  expect(await onlineThere()).toEqual([]);

  const client = createClient({
    url: `${here.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    lazy: false,
    connectionParams: { authorization: `Bearer ${await here.tokenFor(organization.agent)}` },
  });
  await expect.poll(onlineThere).toEqual(['Ana']);
  await client.dispose();
  await expect.poll(onlineThere).toEqual([]);
});
