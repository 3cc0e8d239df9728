import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createMemoryBus } from '../../src/bus/bus-memory.ts';
import { type Author, type LogEvent, parseEvent } from '../../src/feed/event.ts';
import { createLogFollowers } from '../../src/feed/log-follower.ts';
import { createLog } from '../../src/log.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { cursorAt, eventsOf } from '../support/log.ts';
import { createOrganization } from '../support/organization.ts';
import { feedOn, type Reader, read, write } from '../support/stream.ts';
import { createUnreliableBus } from '../support/unreliable-bus.ts';

let gateway: Gateway;
let organizationId: string;

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  organizationId = (await createOrganization(gateway)).id;
});

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

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

test('what is told of an event is what stands in the log', async () => {
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

test('events that the bus lost are read from the log as soon as a later one arrives', async () => {
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

test('with a bus that brings nothing, everything arrives all the same', async () => {
  const { bus } = createUnreliableBus(() => 0);
  const feed = feedOn(gateway, bus);
  const reader = await readFromNow(feed, organizationId);
  await write(feed, organizationId, 3);
  expect(await reader.positions(3)).toEqual(range(1, 3));
  await write(feed, organizationId, 700);
  expect(await reader.positions(700)).toEqual(range(4, 703));
});

test('when the link is up again, what was missed is asked for at once', async () => {
  const begun = performance.now();
  const { bus, restore } = createUnreliableBus(() => 0);
  const feed = feedOn(gateway, bus);
  const reader = await readFromNow(feed, organizationId);
  await write(feed, organizationId, 3);
  restore();
  expect(await reader.positions(3)).toEqual(range(1, 3));
  // The heads are read every two seconds anyway; that would be later.
  expect(performance.now() - begun).toBeLessThan(1_900);
});

test('whatever the bus does, each listener hears every event once and in order', async () => {
  let random = 20_261_121;
  const dice = (sides: number) => {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((random / 2_147_483_648) * sides);
  };
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

test('who subscribes behind an event that this node has not heard yet does not get it again', async () => {
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

test('an event that is heard in the very moment in which a stream has caught up is not lost', async () => {
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
      // This is the last event of the log that is replayed: the next one comes before anything else can run.
      if (position === 1) queueMicrotask(() => release());
      return position > 1;
    },
  );
  expect(await reader.next()).toMatchObject({ kind: 'caughtUp' });
  expect(await reader.position()).toBe(2);
});

test('who begins now, while others write, misses nothing from the place that CaughtUp names', async () => {
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

test('a listener that throws harms nobody else', async () => {
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

test('what is no event, such as that of another version, harms nobody on the bus', async () => {
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

test('an organization is followed once for all its streams, and no longer than there are any', async () => {
  const { bus } = createUnreliableBus();
  const feed = feedOn(gateway, bus);
  const follow = () => feed.follow(organizationId);
  const follows = await Promise.all([follow(), follow(), follow()]);
  expect(feed.count()).toEqual({ organizations: 1, streams: 3 });
  for (const { release } of follows) release();
  expect(feed.count()).toEqual({ organizations: 0, streams: 0 });
});

test('a follower that can not start is gone, and the next one starts', async () => {
  const { bus } = createUnreliableBus();
  const feed = feedOn(gateway, bus);
  await expect(read(feed, 'ORG-none')).rejects.toThrow();
  expect(feed.count()).toEqual({ organizations: 0, streams: 0 });
  await readFromNow(feed, organizationId);
});
