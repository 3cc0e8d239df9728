import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { type EncodedFrame, encodeFrame, SendQueue } from '../../src/live/send-queue.ts';

const MAX_FRAMES = 1_000;

/** A queue whose transport takes `capacity` frames, and more when told. */
function createQueue({ capacity }: { capacity: number }) {
  const sent: (string | undefined)[] = [];
  let left = capacity;
  const queue = new SendQueue({
    isReady: () => left > 0,
    next({ cursor }) {
      left -= 1;
      sent.push(cursor);
    },
    complete: () => void sent.push('complete'),
    fail: () => void sent.push('failed'),
    disconnect: () => void sent.push('disconnected'),
  });
  return {
    queue,
    sent,
    take(count: number) {
      left += count;
      queue.flush();
    },
  };
}

const frame = (position: number, text = ''): EncodedFrame => encodeFrame({ data: { text } }, `${position}`);
const reset = encodeFrame({ data: { reset: true } }, undefined);
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}`);

test('under backpressure up to 1,000 frames wait and are sent in order', () => {
  const { queue, sent, take } = createQueue({ capacity: 1 });
  for (let position = 1; position <= MAX_FRAMES + 1; position++)
    expect(queue.push(frame(position))).toBe(true);
  expect(sent).toEqual(['1']);
  take(2_000);
  expect(sent).toEqual(range(1, MAX_FRAMES + 1));
});

test('one more frame exceeds the limit; after discard only the last frame is sent', () => {
  const { queue, sent, take } = createQueue({ capacity: 3 });
  for (let position = 1; position <= MAX_FRAMES + 3; position++) queue.push(frame(position));
  expect(queue.push(frame(MAX_FRAMES + 4))).toBe(false);
  expect(queue.lastCursor).toBe('3');
  queue.discard();
  queue.push(frame(5_000));
  queue.end(reset);
  expect(sent).toEqual(['1', '2', '3']);
  take(10);
  expect(sent).toEqual(['1', '2', '3', undefined, 'complete']);
});

test('one megabyte exceeds the limit, however few the frames are', () => {
  const { queue } = createQueue({ capacity: 0 });
  const text = 'x'.repeat(100_000);
  for (let position = 1; position <= 10; position++) expect(queue.push(frame(position, text))).toBe(true);
  expect(queue.push(frame(11, text))).toBe(false);
  expect(queue.lastCursor).toBeNull();
});

test('frames that are pushed while the queue is held are sent after the frame of release', () => {
  const { queue, sent } = createQueue({ capacity: 10 });
  queue.hold();
  queue.push(frame(2));
  queue.push(frame(3));
  expect(sent).toEqual([]);
  queue.release(frame(1));
  expect(sent).toEqual(['1', '2', '3']);
});

test('missed frames that are pushed while the queue is held are sent before the held ones, as fast as they are taken', async () => {
  const { queue, sent, take } = createQueue({ capacity: 1 });
  queue.hold();
  queue.push(frame(4));
  queue.pushMissed([frame(1), frame(2)]);
  expect(sent).toEqual(['1']);
  const drained = queue.drained();
  take(1);
  await drained;
  expect(sent).toEqual(['1', '2']);
  queue.release(frame(3));
  take(1);
  take(1);
  expect(sent).toEqual(['1', '2', '3', '4']);
});

test('a last frame that comes while the queue is held is sent after the missed ones, and the held ones are dropped', () => {
  const { queue, sent } = createQueue({ capacity: 10 });
  queue.hold();
  queue.push(frame(4));
  queue.pushMissed([frame(1)]);
  queue.end(reset);
  expect(sent).toEqual(['1', undefined, 'complete']);
});

test('a queue that was discarded while it was held does not send the frame of release', () => {
  const { queue, sent } = createQueue({ capacity: 10 });
  queue.hold();
  queue.push(frame(2));
  queue.discard();
  queue.release(frame(1));
  expect(sent).toEqual([]);
  queue.end(reset);
  expect(sent).toEqual([undefined, 'complete']);
});

test('end is sent after the frames that wait, once', () => {
  const { queue, sent, take } = createQueue({ capacity: 1 });
  for (const position of [1, 2]) queue.push(frame(position));
  queue.end(reset);
  queue.end(reset);
  queue.push(frame(3));
  take(10);
  queue.flush();
  expect(sent).toEqual(['1', '2', undefined, 'complete']);
});

test('fail and disconnect drop what waits, and nothing is sent after them', () => {
  const endings = {
    failed: (queue: SendQueue) => queue.fail([new GraphQLError('failed')]),
    disconnected: (queue: SendQueue) => queue.disconnect(new GraphQLError('removed')),
  };
  for (const [name, end] of Object.entries(endings)) {
    const { queue, sent, take } = createQueue({ capacity: 1 });
    for (const position of [1, 2]) queue.push(frame(position));
    end(queue);
    end(queue);
    queue.end(reset);
    take(5);
    expect(sent).toEqual(['1', name]);
  }
});

test('nothing is sent after close', () => {
  const { queue, sent, take } = createQueue({ capacity: 1 });
  queue.push(frame(1));
  queue.push(frame(2));
  queue.close();
  take(5);
  queue.push(frame(3));
  queue.end(reset);
  expect(sent).toEqual(['1']);
});

test('drained resolves when the last frame was sent, and when the queue is closed', async () => {
  const { queue, take } = createQueue({ capacity: 0 });
  queue.push(frame(1));
  const drained = queue.drained();
  take(1);
  await drained;
  queue.push(frame(2));
  const closed = queue.drained();
  queue.close();
  await closed;
});
