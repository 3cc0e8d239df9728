import { beforeEach, expect, test } from 'vitest';
import { createMemoryBus } from '../../src/bus/bus-memory.ts';
import { guardListeners } from '../../src/bus/guarded-bus.ts';
import type { Viewer } from '../../src/domain/core/viewer.ts';
import type { LogEvent } from '../../src/feed/event.ts';
import type { Executor, FrameResult } from '../../src/live/executor.ts';
import { createResultCache } from '../../src/live/result-cache.ts';
import { encodeFrame } from '../../src/live/send-queue.ts';
import { startStateFeed } from '../../src/live/state-feed.ts';
import { type GroupMember, SubscriberGroup } from '../../src/live/subscriber-group.ts';
import { createPresenceTrackers } from '../../src/presence/presence-tracker.ts';
import { captureLog } from '../support/captured-log.ts';
import { watchUncaught } from '../support/raw.ts';

// An error of a listener or of work that nobody waits for ends the process, unless somebody owns it. Here each fails once, and the
// others go on.

const viewer = { kind: 'user', id: 'USR-1', organizationId: 'ORG-1', contactId: null } as Viewer;
const failure = new Error('a fault in the code');
const frame = (text: string): FrameResult => ({ frame: encodeFrame({ data: { text } }, undefined) });
const settled = () => new Promise(setImmediate);

let uncaught: unknown[];

beforeEach(() => {
  uncaught = watchUncaught();
});

test('a listener of the bus', async () => {
  const { log, lines } = captureLog();
  const bus = guardListeners(createMemoryBus(), log);
  const heard: string[] = [];
  await bus.subscribe('a', (message) => {
    heard.push(message);
    if (message === 'first') throw failure;
  });
  bus.publish('a', 'first');
  bus.publish('a', 'second');
  await settled();
  expect(heard).toEqual(['first', 'second']);
  expect(lines.map(({ msg }) => msg)).toEqual(['a listener of the bus failed']);
  expect(uncaught).toEqual([]);
});

test('an execution whose result is cached', async () => {
  const cache = createResultCache();
  const key = { group: 'a', position: 1, version: 0 };
  await expect(cache.getOrExecute(key, () => Promise.reject(failure))).rejects.toBe(failure);
  await settled();
  const again = frame('again');
  expect(await cache.getOrExecute(key, async () => again)).toBe(again);
  await settled();
  expect(uncaught).toEqual([]);
});

test('a state feed: the source is not told, and the subscriber is', async () => {
  const errors: unknown[] = [];
  let emit: (key: string, state: object) => void = () => {};
  let isReady = () => true;
  const feed = startStateFeed({
    source: {
      async subscribe(subscriber) {
        emit = subscriber.emit;
        return () => {};
      },
    },
    subscriber: { viewer, follower: {} as never },
    group: { resultFor: () => Promise.reject(failure) },
    isReady: () => isReady(),
    deliver: () => {},
    onError: (error) => void errors.push(error),
  });
  emit('a', {});
  await settled();
  expect(errors).toEqual([failure]);
  isReady = () => {
    throw failure;
  };
  emit('b', {});
  await settled();
  expect(errors.length).toBeGreaterThan(1);
  feed.close();
  expect(uncaught).toEqual([]);
});

function createGroup(execute: (position: number) => Promise<FrameResult>) {
  let hear: (event: LogEvent) => void = () => {};
  const follower = {
    id: '1',
    state: { epoch: new Uint8Array(8), cursorKey: new Uint8Array(32), head: 0, sweptTo: 0 },
    position: () => 0,
    listen(_scope: unknown, listener: (event: LogEvent) => void) {
      hear = listener;
      return () => {};
    },
  };
  const group = new SubscriberGroup({
    executor: {
      executeShared: (item: { event: LogEvent }) => execute(item.event.position),
    } as unknown as Executor,
    cache: createResultCache(),
    key: 'group',
    source: { scope: { organizationId: 'ORG-1' }, accepts: () => true },
    scope: viewer,
    log: { follower, redactions: { versionOf: () => 0 } } as never,
    now: () => 0,
  });
  return { group, hear: (position: number) => hear({ id: `EVT-${position}`, position } as LogEvent) };
}

function createMember(deliver: (result: FrameResult) => void = () => {}) {
  const delivered: FrameResult[] = [];
  const errors: unknown[] = [];
  const member: GroupMember = {
    viewer,
    knownPosition: 0,
    cursorPosition: 0,
    deliver(result) {
      deliver(result);
      delivered.push(result);
    },
    overflow() {},
    fail: (error) => void errors.push(error),
  };
  return { member, delivered, errors };
}

test('a subscriber that can not be delivered to: the others of its group get the event', async () => {
  const results = [frame('one'), frame('two')];
  const { group, hear } = createGroup(async (position) => results[position - 1] as FrameResult);
  const broken = createMember(() => {
    throw failure;
  });
  const whole = createMember();
  group.join(broken.member);
  group.join(whole.member);
  hear(1);
  hear(2);
  await expect.poll(() => whole.delivered).toEqual(results);
  expect(broken.errors).toEqual([failure, failure]);
  expect(uncaught).toEqual([]);
});

test('an execution of a group, also while it waits for an earlier one', async () => {
  let answerFirst: (result: FrameResult) => void = () => {};
  const { group, hear } = createGroup((position) =>
    position === 1
      ? new Promise((resolve) => {
          answerFirst = resolve;
        })
      : Promise.reject(failure),
  );
  const { member, delivered, errors } = createMember();
  group.join(member);
  hear(1);
  hear(2);
  await settled();
  answerFirst(frame('one'));
  await expect.poll(() => errors).toEqual([failure]);
  expect(delivered).toHaveLength(1);
  expect(uncaught).toEqual([]);
});

test('a read of presence: the next one is made all the same', async () => {
  const { log, lines } = captureLog();
  let reads = 0;
  const trackers = createPresenceTrackers({
    log,
    async read() {
      reads += 1;
      if (reads === 2) throw failure;
      return { found: new Set(['USR-1']), isPartial: false };
    },
  });
  const stop = await trackers.listen(
    'ORG-1',
    () => {},
    async () => () => {},
  );
  trackers.refreshAll();
  await settled();
  trackers.refresh('ORG-1', 'USR-1');
  await settled();
  expect(reads).toBe(3);
  expect(lines.map(({ msg }) => msg)).toEqual(['presence was not read']);
  stop();
  expect(uncaught).toEqual([]);
});
