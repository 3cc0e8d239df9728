import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createMemoryBus } from '../../src/bus/bus-memory.ts';
import { type Author, type LogEvent, parseEvent } from '../../src/feed/event.ts';
import { createLogFollowers } from '../../src/feed/log-follower.ts';
import { createLog } from '../../src/log.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { cursorAt, eventsOf } from '../support/log.ts';
import { createOrganization } from '../support/organization.ts';
import { createChance } from '../support/random.ts';
import { feedOn, type Reader, read, write } from '../support/stream.ts';
import { range } from '../support/times.ts';
import { createUnreliableBus } from '../support/unreliable-bus.ts';

let gateway: Gateway;
let organizationId: string;

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  organizationId = (await createOrganization(gateway)).id;
});

// Heads are not polled before the test ends.
const NEVER = { headPollIntervalMs: 3_600_000 };

async function readFromNow(...args: Parameters<typeof read>): Promise<Reader> {
  const reader = await read(...args);
  expect(await reader.next()).toMatchObject({ kind: 'caughtUp' });
  return reader;
}

test('events that arrive in any order are delivered in order', async () => {
  const { bus, release } = createUnreliableBus(() => 'held');
  const feed = feedOn(gateway, bus);
  const reader = await readFromNow(feed, organizationId);
  for (let count = 0; count < 6; count++) await write(feed, organizationId);
  release(([a, b, c, d, e, f]) => [d, b, f, a, c, e].filter((message) => message !== undefined));
  expect(await reader.positions(6)).toEqual(range(1, 6));
});

test('events are broadcast as they stand in the log', async () => {
  const announced: (LogEvent | null)[] = [];
  const bus = createMemoryBus();
  const feed = feedOn(gateway, {
    ...bus,
    publish: (_channel, message) => announced.push(parseEvent(message)),
  });
  const system: Author = { organizationId, kind: 'system', id: '' };
  const changes = [{ field: 'name', before: null, after: 'é "\\" 12' }];
  const long = new Date('1969-07-20T20:17:40.123Z');
  const { cursor } = await feed.record(system, async () => ({
    result: undefined,
    events: [
      { type: 'UPDATED', isPublic: false, changes },
      { type: 'UPDATED', isPublic: true, occurredAt: long },
    ],
  }));
  await write(feed, organizationId);
  expect(announced).toEqual(await eventsOf(gateway, { organizationId }));
  expect(announced).toMatchObject([{ position: 1, changes }, { occurredAt: long.toISOString() }, {}]);
  expect(cursor).toBe(await cursorAt(gateway, organizationId, 2));
});

test('an event that arrives twice is delivered once', async () => {
  const { bus, treat } = createUnreliableBus(() => 2);
  const feed = feedOn(gateway, bus);
  const reader = await readFromNow(feed, organizationId);
  await write(feed, organizationId, 3);
  treat(() => 1);
  await write(feed, organizationId);
  expect(await reader.positions(4)).toEqual(range(1, 4));
});

test('events that the bus lost are read from the log when a later one arrives', async () => {
  const { bus } = createUnreliableBus(({ position }) => (position % 5 === 0 ? 1 : 0));
  const feed = feedOn(gateway, bus);
  const reader = await readFromNow(feed, organizationId);
  await write(feed, organizationId, 5);
  expect(await reader.positions(5)).toEqual(range(1, 5));
  await write(feed, organizationId, 10);
  expect(await reader.positions(10)).toEqual(range(6, 15));
});

test('an event that arrives after it was read from the log is not delivered again', async () => {
  const { bus, treat, release } = createUnreliableBus(({ position }) => (position === 1 ? 'held' : 1));
  const feed = feedOn(gateway, bus);
  const reader = await readFromNow(feed, organizationId);
  await write(feed, organizationId, 2);
  expect(await reader.positions(2)).toEqual([1, 2]);
  release();
  treat(() => 1);
  await write(feed, organizationId);
  expect(await reader.position()).toBe(3);
});

test('with a bus that delivers nothing, every event is read from the log', async () => {
  const { bus } = createUnreliableBus(() => 0);
  const feed = feedOn(gateway, bus, { headPollIntervalMs: 20 });
  const reader = await readFromNow(feed, organizationId);
  await write(feed, organizationId, 3);
  expect(await reader.positions(3)).toEqual(range(1, 3));
  await write(feed, organizationId, 700);
  expect(await reader.positions(700)).toEqual(range(4, 703));
});

test('after a reconnect of the bus, missed events are read without waiting for the next poll', async () => {
  const { bus, restore } = createUnreliableBus(() => 0);
  const feed = feedOn(gateway, bus, NEVER);
  const reader = await readFromNow(feed, organizationId);
  await write(feed, organizationId, 3);
  restore();
  expect(await reader.positions(3)).toEqual(range(1, 3));
});

test('each listener gets every event once and in order, whatever the bus loses, repeats and reorders', async () => {
  const { dice } = createChance(20_261_121);
  const { bus, treat, release } = createUnreliableBus(
    () => ([0, 1, 2, 'held', 'held'] as const)[dice(5)] ?? 1,
  );
  const feed = feedOn(gateway, bus);
  const readers = [await readFromNow(feed, organizationId)];
  const begins = [1];
  for (let round = 0, written = 0; round < 60; round++) {
    const count = 1 + dice(4);
    await write(feed, organizationId, count);
    written += count;
    if (dice(3) === 0) release((messages) => messages.sort(() => dice(3) - 1));
    if (round % 20 === 10) {
      readers.push(await readFromNow(feed, organizationId, await cursorAt(gateway, organizationId, written)));
      begins.push(written + 1);
    }
  }
  treat(() => 1);
  release();
  await write(feed, organizationId);
  const { head } = await gateway.db.reads.feed.findUniqueOrThrow({ where: { organizationId } });
  for (const [index, reader] of readers.entries()) {
    const expected = range(begins[index] ?? 0, Number(head));
    expect(await reader.positions(expected.length)).toEqual(expected);
  }
});

test('a subscription after an event that this node has not received yet does not get that event', async () => {
  const { bus, treat, release } = createUnreliableBus(() => 1);
  const feed = feedOn(gateway, bus);
  const other = await readFromNow(feed, organizationId);
  treat(() => 'held');
  const after = await write(feed, organizationId, 2);
  const reader = await read(feed, organizationId, after);
  expect(await reader.next()).toEqual({ kind: 'caughtUp', cursor: after });
  treat(() => 1);
  release();
  await write(feed, organizationId);
  expect(await reader.position()).toBe(3);
  expect(await other.positions(3)).toEqual([1, 2, 3]);
});

test('an event that arrives in the tick in which a replay catches up is not lost', async () => {
  const { bus, treat, release } = createUnreliableBus();
  const feed = feedOn(gateway, bus);
  await readFromNow(feed, organizationId);
  await write(feed, organizationId);
  treat(() => 'held');
  await write(feed, organizationId);
  const reader = await read(
    feed,
    organizationId,
    await cursorAt(gateway, organizationId, 0),
    ({ position }) => {
      // The last event that is replayed: the next one arrives before anything else can run.
      if (position === 1) queueMicrotask(() => release());
      return position > 1;
    },
  );
  expect(await reader.next()).toMatchObject({ kind: 'caughtUp' });
  expect(await reader.position()).toBe(2);
});

test('a subscription that starts during writes misses no event after the cursor of CaughtUp', async () => {
  const { bus } = createUnreliableBus();
  const feed = feedOn(gateway, bus);
  const writing = (async () => {
    for (let count = 0; count < 60; count++) await write(feed, organizationId);
  })();
  const cursors = await Promise.all(
    range(0, 60).map((position) => cursorAt(gateway, organizationId, position)),
  );
  for (let opened = 0; opened < 5; opened++) {
    const reader = await read(feed, organizationId);
    const item = await reader.next();
    const begin = item.kind === 'caughtUp' ? cursors.indexOf(item.cursor) : -1;
    expect(begin).toBeGreaterThanOrEqual(0);
    if (begin < 60) expect(await reader.position()).toBe(begin + 1);
  }
  await writing;
});

test('a listener that throws does not affect others', async () => {
  const { bus } = createUnreliableBus();
  const feed = feedOn(gateway, bus);
  const followers = createLogFollowers({ db: gateway.db, bus, log: createLog('silent') });
  onTestFinished(() => followers.stop());
  const { follower } = await followers.follow(organizationId);
  const heard: LogEvent[] = [];
  let finish = () => {};
  const all = new Promise<void>((resolve) => {
    finish = resolve;
  });
  follower.listen({ organizationId }, () => {
    throw new Error('no good');
  });
  follower.listen({ organizationId }, (event) => {
    if (heard.push(event) === 3) finish();
  });
  await write(feed, organizationId, 3);
  await all;
  expect(heard.map(({ position }) => position)).toEqual([1, 2, 3]);
});

test('messages that are no events, such as those of another version, are ignored', async () => {
  const { bus, babble } = createUnreliableBus(({ position }) => (position === 2 ? 0 : 1));
  const feed = feedOn(gateway, bus);
  const reader = await readFromNow(feed, organizationId);
  for (const message of ['nonsense', '', 'null', '7', '{}', '[]', '{"position":"1"}', '{"position":1.5}'])
    babble(message);
  await write(feed, organizationId, 3);
  expect(await reader.positions(3)).toEqual([1, 2, 3]);
});

test('events of one organization never reach another', async () => {
  const other = (await createOrganization(gateway)).id;
  const { bus } = createUnreliableBus();
  const feed = feedOn(gateway, bus);
  const reader = await readFromNow(feed, other);
  await write(feed, organizationId, 3);
  await write(feed, other);
  const item = await reader.next();
  expect(item).toMatchObject({ kind: 'event', event: { organizationId: other, position: 1 } });
});

test('an organization is followed once for all its streams, and as long as there are any', async () => {
  const { bus } = createUnreliableBus();
  const feed = feedOn(gateway, bus);
  const follow = () => feed.follow(organizationId);
  const follows = await Promise.all([follow(), follow(), follow()]);
  expect(feed.count()).toEqual({ organizations: 1, streams: 3 });
  for (const { release } of follows) release();
  expect(feed.count()).toEqual({ organizations: 0, streams: 0 });
});

test('a follower that fails to start is removed, and the next one starts', async () => {
  const { bus } = createUnreliableBus();
  const feed = feedOn(gateway, bus);
  await expect(read(feed, 'ORG-none')).rejects.toThrow();
  expect(feed.count()).toEqual({ organizations: 0, streams: 0 });
  await readFromNow(feed, organizationId);
});
