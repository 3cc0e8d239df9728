import { expect, test } from 'vitest';
import type { Viewer } from '../../src/domain/core/viewer.ts';
import type { StateSource, StateSubscriber } from '../../src/domain/presence/state-source.ts';
import type { LogEvent } from '../../src/feed/event.ts';
import type { FrameResult } from '../../src/live/executor.ts';
import { createRedactions } from '../../src/live/redaction.ts';
import { encodeFrame, type Sink } from '../../src/live/send-queue.ts';
import { createStateGroup, startStateFeed } from '../../src/live/state-feed.ts';
import { LiveSubscription, type SubscriptionDependencies } from '../../src/live/subscription.ts';
import { createReceiveQueue } from '../support/receive-queue.ts';

const subscriber = {} as Omit<StateSubscriber, 'emit'>;

function createDeferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    [resolve, reject] = [onResolve, onReject];
  });
  return { promise, resolve, reject };
}

/** A feed whose source and backpressure the test controls. */
function start() {
  const frames = createReceiveQueue<unknown>('frame');
  const transport = { isReady: true };
  const subscribed = createDeferred<() => void>();
  let emit: StateSubscriber['emit'] = () => {};
  const source: StateSource = {
    subscribe(begun) {
      emit = begun.emit;
      return subscribed.promise;
    },
  };
  const feed = startStateFeed({
    source,
    subscriber,
    group: { resultFor: async (state) => ({ frame: encodeFrame({ data: { ...state } }, undefined) }) },
    isReady: () => transport.isReady,
    deliver: (result: FrameResult) => frames.put('frame' in result ? result.frame.result.data : result),
    onError: frames.put,
  });
  return { feed, emit, transport, subscribed, next: frames.next };
}

test('under backpressure only the newest state of each key is sent', async () => {
  const { feed, emit, transport, next } = start();
  transport.isReady = false;
  for (let count = 0; count <= 10_000; count++) {
    emit('one', { key: 'one', count });
    emit('other', { key: 'other', count });
  }
  transport.isReady = true;
  feed.flush();
  expect(await next()).toEqual({ key: 'one', count: 10_000 });
  expect(await next()).toEqual({ key: 'other', count: 10_000 });
  emit('one', { key: 'one', count: 0 });
  expect(await next()).toEqual({ key: 'one', count: 0 });
});

test('a state that is emitted during an execution is sent after it', async () => {
  const { emit, next } = start();
  for (const count of [1, 2, 3]) emit('one', { count });
  expect([await next(), await next()]).toEqual([{ count: 1 }, { count: 3 }]);
});

test('after close nothing is sent, neither what was being executed nor what is emitted then', async () => {
  const closed = start();
  const open = start();
  closed.emit('one', { count: 1 });
  closed.feed.close();
  open.emit('one', { count: 2 });
  await open.next();
  closed.emit('one', { count: 3 });
  let received: unknown;
  void closed.next().then(
    (frame) => {
      received = frame;
    },
    () => {},
  );
  // As long a way as that of the closed feed.
  open.emit('one', { count: 4 });
  await open.next();
  expect(received).toBeUndefined();
});

test('a feed that is closed before its source has begun ends the source', async () => {
  const { feed, subscribed } = start();
  const ended = new Promise<void>((resolve) => {
    feed.close();
    subscribed.resolve(resolve);
  });
  await ended;
});

test('an error of the source is reported, unless the feed is closed', async () => {
  const failing = start();
  failing.subscribed.reject(new Error('no database'));
  expect(await failing.next()).toEqual(new Error('no database'));
  const closed = start();
  closed.feed.close();
  closed.subscribed.reject(new Error('no database'));
  closed.emit('one', {});
  await expect(closed.subscribed.promise).rejects.toThrow('no database');
});

test('a state is executed once for several subscribers, and again after a message was edited or deleted', async () => {
  const redactions = createRedactions();
  const results: FrameResult[] = [];
  const group = createStateGroup({
    redactions,
    executor: {
      async executeShared() {
        const result = { frame: encodeFrame({ data: { execution: results.length } }, undefined) };
        results.push(result);
        return result;
      },
      executePerViewer: async () => new Map(),
    },
  });
  const state = {};
  const viewer = {} as Viewer;
  const first = await group.resultFor(state, viewer);
  expect(await group.resultFor(state, viewer)).toBe(first);
  redactions.apply({ type: 'DELETED', contactId: 'CTC-1' } as LogEvent);
  expect(await group.resultFor(state, viewer)).toBe(results[1]);
  expect(results).toHaveLength(2);
});

test('a state larger than the send queue waits for a busy transport, and the subscription goes on', () => {
  const sent: unknown[] = [];
  const transport = { isReady: false };
  const sink: Sink = {
    isReady: () => transport.isReady,
    next: ({ result }) => sent.push(result.data),
    complete: () => sent.push('complete'),
    fail: (errors) => sent.push(errors),
    disconnect: (error) => sent.push(error),
  };
  const subscription = new LiveSubscription({} as SubscriptionDependencies, {} as Viewer, sink);
  const large = { text: 'x'.repeat(2 * 1_048_576) };
  subscription.deliver({ frame: encodeFrame({ data: large }, undefined) });
  transport.isReady = true;
  subscription.flush();
  subscription.deliver({ frame: encodeFrame({ data: { text: 'next' } }, undefined) });
  expect(sent).toEqual([large, { text: 'next' }]);
});
