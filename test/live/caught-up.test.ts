import { expect, test } from 'vitest';
import type { Viewer } from '../../src/domain/core/viewer.ts';
import { readCursor } from '../../src/feed/cursor.ts';
import type { LogEvent } from '../../src/feed/event.ts';
import type { StreamItem } from '../../src/feed/stream-item.ts';
import type { Executor } from '../../src/live/executor.ts';
import { createResultCache } from '../../src/live/result-cache.ts';
import { encodeFrame } from '../../src/live/send-queue.ts';
import { SubscriberGroup } from '../../src/live/subscriber-group.ts';
import { createFakeLog } from '../support/followed-log.ts';

// The caught-up frame that an idle subscriber gets every minute, and its cursor.

const organizationId = 'ORG-1';
const keys = { epoch: new Uint8Array(8), cursorKey: new Uint8Array(32) };

function createGroup(contactId: string | null) {
  let [position, hourMark, now] = [100, 40, 0];
  const viewer = { id: contactId ?? 'USR-1', organizationId, contactId, cursorKeys: keys } as Viewer;
  const { log, hear } = createFakeLog({
    ...{ organizationId, keys },
    position: () => position,
    hourMark: () => hourMark,
  });
  const executor = {
    executeShared: async (item: StreamItem) => ({
      frame: encodeFrame({ data: {} }, 'cursor' in item ? item.cursor : undefined),
    }),
  } as unknown as Executor;
  const group = new SubscriberGroup({
    executor,
    cache: createResultCache(),
    key: 'group',
    source: { scope: { organizationId }, accepts: () => true },
    scope: viewer,
    log,
    now: () => now,
  });
  return {
    /** Adds a member; `received` are the positions of the cursors that it gets. */
    join(knownPosition: number, cursorPosition: number | null) {
      const received: (number | null)[] = [];
      group.join({
        viewer,
        knownPosition,
        cursorPosition,
        deliver: (result) => {
          if ('frame' in result) received.push(readCursor(keys, result.frame.cursor ?? ''));
        },
        overflow() {},
        fail() {},
      });
      return received;
    },
    hear(at: number) {
      position = at;
      hear({ id: `${at}`, organizationId, position: at, contactId, changes: [] } as unknown as LogEvent);
    },
    follow(to: { position?: number; hourMark?: number }) {
      position = to.position ?? position;
      hourMark = to.hourMark ?? hourMark;
    },
    async idleForAMinute() {
      await new Promise(setImmediate);
      now += 60_000;
      group.refresh();
      await new Promise(setImmediate);
    },
  };
}

test('the team gets the position of the log follower', async () => {
  const group = createGroup(null);
  const received = group.join(100, 100);
  group.follow({ position: 120 });
  await group.idleForAMinute();
  expect(received).toEqual([120]);
});

test('a contact gets the newest of what they know, of their last event, and of the hour mark', async () => {
  const group = createGroup('CTC-1');
  const received = group.join(100, 60);
  group.follow({ position: 120 });
  await group.idleForAMinute();
  group.hear(130);
  group.follow({ position: 140 });
  await group.idleForAMinute();
  group.follow({ hourMark: 135 });
  await group.idleForAMinute();
  expect(received).toEqual([60, 130, 130, 135]);
});

test('a later tab of the contact gets nothing that is older than its own events', async () => {
  const group = createGroup('CTC-1');
  const first = group.join(100, 60);
  const second = group.join(100, 90);
  await group.idleForAMinute();
  expect([first, second]).toEqual([[90], [90]]);
});

test('a tab that comes from a node which is ahead gets no older cursor, and gives none that is newer to others', async () => {
  const group = createGroup('CTC-1');
  const here = group.join(100, 60);
  const ahead = group.join(200, 200);
  await group.idleForAMinute();
  expect([here, ahead]).toEqual([[60], []]);
  group.follow({ position: 200 });
  await group.idleForAMinute();
  expect([here, ahead]).toEqual([[60, 200], [200]]);
});

test('nothing comes before the first caught-up frame', async () => {
  const group = createGroup('CTC-1');
  const received = group.join(100, null);
  await group.idleForAMinute();
  expect(received).toEqual([]);
});
