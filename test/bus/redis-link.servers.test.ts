import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Bus } from '../../src/bus/bus.ts';
import { connectRedisBus } from '../../src/bus/bus-redis.ts';
import { createLog } from '../../src/log.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { openLink } from '../support/link.ts';
import { createOrganization } from '../support/organization.ts';
import { createReceiveQueue } from '../support/receive-queue.ts';
import { feedOn, read, write } from '../support/stream.ts';

const redisUrl = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';

let gateway: Gateway;
let organizationId: string;

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  organizationId = (await createOrganization(gateway)).id;
});

/** A bus over a connection that can be broken. `restored` resolves once for each reconnect. */
async function connectBreakable() {
  const link = await openLink(redisUrl);
  const bus = connectRedisBus(link.url, createLog('silent'));
  onTestFinished(() => bus.stop());
  const restorations = createReceiveQueue<true>('restoration');
  bus.onReconnect(() => restorations.put(true));
  await restorations.next();
  await isUp(bus);
  return { link, bus, restored: restorations.next };
}

const isUp = (bus: Bus, expected = true) => expect.poll(() => bus.isUp()).toBe(expected);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('after the connection broke, onReconnect is called when every subscription is confirmed again', async () => {
  const { link, bus, restored } = await connectBreakable();
  const other = connectRedisBus(redisUrl, createLog('silent'));
  onTestFinished(() => other.stop());
  await isUp(other);
  const channels = Array.from({ length: 3 }, () => `test:${randomUUID()}`);
  const messages = createReceiveQueue<string>('message');
  for (const channel of channels) await bus.subscribe(channel, messages.put);
  for (let cut = 0; cut < 5; cut++) {
    link.cut();
    await restored();
    for (const channel of channels) {
      other.publish(channel, `${cut} ${channel}`);
      expect(await messages.next()).toBe(`${cut} ${channel}`);
    }
  }
});

test('an event reaches a follower on another node over the bus, without a read of the log', async () => {
  const [one, other] = [await connectBreakable(), await connectBreakable()];
  const writer = feedOn(gateway, one.bus);
  const reader = await read(feedOn(gateway, other.bus, { headPollIntervalMs: 3_600_000 }), organizationId);
  await reader.next();
  for (let position = 1; position <= 8; position++) {
    await write(writer, organizationId);
    expect(await reader.position()).toBe(position);
  }
});

test('a subscription made while the connection is down gets messages after the reconnect', async () => {
  const { link, bus, restored } = await connectBreakable();
  await link.lower();
  await isUp(bus, false);
  const channel = `test:${randomUUID()}`;
  const messages = createReceiveQueue<string>('message');
  await bus.subscribe(channel, messages.put);
  await link.raise();
  await restored();
  await isUp(bus);
  bus.publish(channel, 'one');
  expect(await messages.next()).toBe('one');
});

test('a follower misses no event while the connection breaks, stays down, and is restored', async () => {
  const { link, bus, restored } = await connectBreakable();
  const feed = feedOn(gateway, bus);
  const reader = await read(feed, organizationId);
  await reader.next();
  await write(feed, organizationId);
  expect(await reader.position()).toBe(1);

  link.cut();
  await write(feed, organizationId, 3);
  await restored();
  await write(feed, organizationId);
  expect(await reader.positions(4)).toEqual(range(2, 5));

  await link.lower();
  await isUp(bus, false);
  await write(feed, organizationId, 3);
  expect(await reader.positions(3)).toEqual(range(6, 8));
  await link.raise();
  await restored();
  await isUp(bus);
  await write(feed, organizationId, 2);
  expect(await reader.positions(2)).toEqual(range(9, 10));
});

test('connections that Redis leaves silent are made anew, and their channels subscribed again', async () => {
  const { link, bus, restored } = await connectBreakable();
  const channel = `test:${randomUUID()}`;
  const messages = createReceiveQueue<string>('message');
  await bus.subscribe(channel, messages.put);
  link.silence();
  await restored();
  await isUp(bus);
  bus.publish(channel, 'one');
  expect(await messages.next()).toBe('one');
});

test('a stream opens while Redis does not answer, and gets events from the log', async () => {
  const { link, bus } = await connectBreakable();
  const feed = feedOn(gateway, bus);
  link.freeze();
  const reader = await read(feed, organizationId);
  expect(await reader.next()).toMatchObject({ kind: 'caughtUp' });
  await write(feed, organizationId, 3);
  expect(await reader.positions(3)).toEqual(range(1, 3));
});

test('a stream opens though the connection breaks meanwhile, and gets events from the log', async () => {
  const { link, bus } = await connectBreakable();
  const feed = feedOn(gateway, bus);
  link.freeze();
  const opening = read(feed, organizationId);
  await link.lower();
  const reader = await opening;
  expect(await reader.next()).toMatchObject({ kind: 'caughtUp' });
  await write(feed, organizationId, 3);
  expect(await reader.positions(3)).toEqual(range(1, 3));
});
