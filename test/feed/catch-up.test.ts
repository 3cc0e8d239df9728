import { beforeAll, beforeEach, expect, test } from 'vitest';
import { createMemoryBus } from '../../src/bus/bus-memory.ts';
import type { Feed } from '../../src/feed/feed.ts';
import type { LogFollower } from '../../src/feed/log-follower.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { cursorAt } from '../support/log.ts';
import { createOrganization } from '../support/organization.ts';
import { feedOn, write } from '../support/stream.ts';
import { range, times } from '../support/times.ts';

let gateway: Gateway;
let organizationId: string;
let feed: Feed;

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  organizationId = (await createOrganization(gateway)).id;
  feed = feedOn(gateway, createMemoryBus());
});

interface Replay {
  positions: number[];
  /** Position from which on events are live. */
  live: number | undefined;
  reason: unknown;
}

const cursorOf = (position: number) => cursorAt(gateway, organizationId, position);

/** Replays the log after a cursor; `onEvent` runs before the next event is taken. */
async function replay(
  follower: LogFollower,
  after: string,
  onEvent: (position: number) => Promise<unknown> | undefined = () => undefined,
): Promise<Replay> {
  const result: Replay = { positions: [], live: undefined, reason: undefined };
  const missed = feed.catchUp(follower, {
    scope: { organizationId },
    after,
    accepts: () => true,
    onCaughtUp: (position) => {
      result.live = position;
    },
  });
  for (;;) {
    const next = await missed.next();
    if (next.done) return { ...result, reason: next.value };
    for (const { position } of next.value) {
      result.positions.push(position);
      await onEvent(position);
    }
  }
}

test('a replay ends while others write as fast as it reads, and hands over what it read last', async () => {
  const { follower } = await feed.follow(organizationId);
  await write(feed, organizationId, 150);
  // One event for each that is taken, and no more than a replay that never ends would need.
  const { positions, live } = await replay(follower, await cursorOf(0), (position) =>
    position < 3_000 ? write(feed, organizationId) : undefined,
  );
  const last = positions.at(-1) ?? 0;
  expect(positions).toEqual(range(1, last));
  expect(live).toBe(last);
  expect(last).toBeLessThan(3_000);
  expect(follower.position()).toBeGreaterThan(last);
});

test('many replays read each part of the log once for all of them', async () => {
  const { follower } = await feed.follow(organizationId);
  await write(feed, organizationId, 1_200);
  const cursors = await Promise.all(times(20, (index) => cursorOf(index * 10)));
  gateway.statements();
  const replays = await Promise.all(cursors.map((cursor) => replay(follower, cursor)));
  for (const [index, { positions }] of replays.entries())
    expect(positions).toEqual(range(index * 10 + 1, 1_200));
  // Each could read 3 pages, and the state at the beginning and after each page: 140 statements.
  expect(gateway.statements().length).toBeLessThanOrEqual(5);
});

test('events that came during the replay do not make it too far behind', async () => {
  const { follower } = await feed.follow(organizationId);
  await write(feed, organizationId, 10_000);
  const { positions, reason } = await replay(follower, await cursorOf(0), (position) =>
    position === 10_000 ? write(feed, organizationId, 200) : undefined,
  );
  expect({ count: positions.length, reason }).toEqual({ count: 10_200, reason: undefined });
});

test('a replay on a node that has just begun to follow the log reads what was written before', async () => {
  await write(feed, organizationId, 30);
  const { follower } = await feed.follow(organizationId);
  await write(feed, organizationId, 10);
  const cursors = [await cursorOf(5), await cursorOf(35)];
  const [first, second] = await Promise.all(cursors.map((cursor) => replay(follower, cursor)));
  expect(first?.positions).toEqual(range(6, 40));
  expect(second?.positions).toEqual(range(36, 40));
});
