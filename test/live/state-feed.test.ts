import { expect, test } from 'vitest';
import type { StateSubscriber } from '../../src/domain/presence/state-source.ts';
import { startStateFeed } from '../../src/live/state-feed.ts';
import { createReceiveQueue } from '../support/receive-queue.ts';

const listener = {} as Omit<StateSubscriber, 'emit'>;

/** A subscriber who is as ready as the test says, fed with what the test tells. */
async function feed() {
  const frames = createReceiveQueue<unknown>('frame');
  const sink = {
    isReady: () => reader.isReady,
    next: ({ result }: { result: unknown }) => frames.put(result),
  };
  let tell: StateSubscriber['emit'] = () => {};
  const watch = {
    async subscribe(begun: StateSubscriber) {
      tell = begun.emit;
      return () => {};
    },
  };
  const outcomeOf = async (state: object) => ({ payload: { result: state } as never });
  const fed = await startStateFeed({
    watch,
    listener,
    group: { resultFor: outcomeOf },
    sink,
    fail: (errors) => frames.put(errors),
    mask: (error) => error as never,
  });
  const reader = { isReady: true, tell, next: frames.next, flush: fed.flush, close: fed.close };
  return reader;
}

test('who is slow is sent the newest of each key, and nothing that was before', async () => {
  const reader = await feed();
  reader.isReady = false;
  for (let count = 0; count <= 10_000; count++) {
    reader.tell('one', { key: 'one', count });
    reader.tell('other', { key: 'other', count });
  }
  reader.isReady = true;
  reader.flush();
  expect(await reader.next()).toEqual({ key: 'one', count: 10_000 });
  expect(await reader.next()).toEqual({ key: 'other', count: 10_000 });
  reader.tell('one', { key: 'one', count: 0 });
  expect(await reader.next()).toEqual({ key: 'one', count: 0 });
});

test('what changes while a frame is being made comes after it', async () => {
  const reader = await feed();
  reader.tell('one', { count: 1 });
  reader.tell('one', { count: 2 });
  reader.tell('one', { count: 3 });
  expect([await reader.next(), await reader.next()]).toEqual([{ count: 1 }, { count: 3 }]);
});

test('who has left is sent nothing more, also not what was being made', async () => {
  const reader = await feed();
  const after = await feed();
  reader.tell('one', { count: 1 });
  reader.close();
  after.tell('one', { count: 2 });
  expect(await after.next()).toEqual({ count: 2 });
  reader.tell('one', { count: 3 });
  let heard = false;
  void reader.next().then(
    () => {
      heard = true;
    },
    () => {},
  );
  after.tell('one', { count: 4 });
  await after.next();
  expect(heard).toBe(false);
});
