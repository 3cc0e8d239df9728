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

function startPresence(kind: string): Presence {
  if (kind === 'memory') return createMemoryPresence();
  const bus: Bus = connectRedisBus(REDIS ?? '', log);
  const presence = connectRedisPresence({ url: REDIS ?? '', bus, log, timeToLiveMs: 600 });
  onTestFinished(async () => {
    await Promise.all([presence.stop(), bus.stop()]);
  });
  return presence;
}

/** Those who come and go, as they are told. */
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
  test('a person is online from their first socket to their last', async () => {
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

  test('who listens is told who is here, and then who comes and goes, once each', async () => {
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
  test('who comes and goes on one is told on the other; who is on both is here until they have left both', async () => {
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

  test('who was on a node that died is gone when it is no longer believed, and not before', async () => {
    const [one, other] = [startPresence('redis'), startPresence('redis')];
    const [organizationId, id, stays] = [newId('Organization'), newId('User'), newId('User')];
    const { next, all } = await listen(one, organizationId);
    one.trackConnection(organizationId, stays);
    other.trackConnection(organizationId, id);
    const came = [await next(), await next()];
    expect(came.map(([who]) => who).sort()).toEqual([id, stays].sort());
    // Long enough for a mark that is not renewed to run out.
    const begun = performance.now();
    await expect.poll(() => performance.now() - begun).toBeGreaterThan(1_200);
    expect(all).toHaveLength(2);
    await other.stop();
    expect(await next()).toEqual([id, false]);
    expect(await one.findOnline(organizationId, [id, stays])).toEqual(new Set([stays]));
  });

  test('to say that they live costs a node the same however many people are connected to it', async () => {
    const [one, other] = [startPresence('redis'), startPresence('redis')];
    const organizationId = newId('Organization');
    const people = Array.from({ length: 50 }, () => newId('Contact'));
    const { next } = await listen(other, organizationId);
    for (const id of people) one.trackConnection(organizationId, id);
    for (const _ of people) await next();

    const said = await monitor(organizationId);
    // Thrice, so that at least two times are whole.
    const commands = [];
    for (let refreshes = 0; refreshes < 3; ) {
      const command = await said();
      commands.push(command);
      if (command[0] === 'zadd') refreshes += 1;
    }
    expect(commands.flat().filter((word) => people.some((id) => word.includes(id)))).toEqual([]);
    expect(await other.findOnline(organizationId, people)).toEqual(new Set(people));
  });

  test('what Redis has forgotten is told again', async () => {
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

/** The commands that Redis is given from now on and that name this. */
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

test('isOnline says whether a page of somebody is connected, on any node, and is asked for all of them at once', async () => {
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
