import { expect, test } from 'vitest';
import { type EncodedFrame, encodeFrame, SendQueue, type SendQueueOwner } from '../../src/live/send-queue.ts';

const MAX_WAITING = 1_000;

/** A subscriber who takes so many frames, and more when told. */
function createReader(takes: number) {
  const taken: (string | undefined)[] = [];
  const resets: (string | null)[] = [];
  let room = takes;
  let isComplete = false;
  const recipient: SendQueueOwner = {
    isReady: () => room > 0,
    next({ cursor }) {
      room -= 1;
      taken.push(cursor);
    },
    complete() {
      isComplete = true;
    },
    overflow: (lastCursor) => void resets.push(lastCursor),
  };
  const outbox = new SendQueue(recipient);
  return {
    outbox,
    taken,
    resets,
    isComplete: () => isComplete,
    takeMore(count: number) {
      room += count;
      outbox.flush();
    },
  };
}

const frame = (position: number, text = ''): EncodedFrame => encodeFrame({ data: { text } }, `${position}`);
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}`);

test('who takes frames more slowly than they come gets all of them while no more than a thousand wait', () => {
  const { outbox, taken, takeMore } = createReader(1);
  for (let position = 1; position <= MAX_WAITING + 1; position++) outbox.push(frame(position));
  expect(taken).toEqual(['1']);
  takeMore(2_000);
  expect(taken).toEqual(range(1, MAX_WAITING + 1));
});

test('when one more waits, all that wait are given up, and the last that was sent is where to go on', () => {
  const { outbox, taken, resets, isComplete, takeMore } = createReader(3);
  for (let position = 1; position <= MAX_WAITING + 4; position++) outbox.push(frame(position));
  expect(resets).toEqual(['3']);
  outbox.push(frame(5_000));
  outbox.end(encodeFrame({ data: { reset: true } }, undefined));
  expect(isComplete()).toBe(false);
  takeMore(10);
  expect(taken).toEqual(['1', '2', '3', undefined]);
  expect(isComplete()).toBe(true);
});

test('a megabyte of frames is too much, however few they are', () => {
  const { outbox, resets } = createReader(0);
  for (let position = 1; position <= 10; position++) outbox.push(frame(position, 'x'.repeat(100_000)));
  expect(resets).toEqual([]);
  outbox.push(frame(11, 'x'.repeat(100_000)));
  expect(resets).toEqual([null]);
});

test('what comes while it is held waits for what is to be first', () => {
  const { outbox, taken } = createReader(10);
  outbox.hold();
  outbox.push(frame(2));
  outbox.push(frame(3));
  expect(taken).toEqual([]);
  outbox.release(frame(1));
  expect(taken).toEqual(['1', '2', '3']);
});

test('nothing is sent after it was closed', () => {
  const { outbox, taken, takeMore } = createReader(1);
  outbox.push(frame(1));
  outbox.push(frame(2));
  outbox.close();
  takeMore(5);
  outbox.push(frame(3));
  expect(taken).toEqual(['1']);
});

test('who overflows before they have caught up is told to load afresh, not that they have caught up', () => {
  const { outbox, taken, resets, isComplete } = createReader(5_000);
  outbox.hold();
  for (let position = 1; position <= MAX_WAITING + 1; position++) outbox.push(frame(position));
  expect(resets).toEqual([null]);
  outbox.release(frame(0));
  expect(taken).toEqual([]);
  outbox.end(encodeFrame({ data: { reset: true } }, undefined));
  expect(taken).toEqual([undefined]);
  expect(isComplete()).toBe(true);
});

test('what waits when the log was set back is given up, and the reset comes instead', () => {
  const { outbox, taken, isComplete, takeMore } = createReader(1);
  for (const position of [1, 2, 3]) outbox.push(frame(position));
  outbox.discard();
  outbox.push(frame(4));
  outbox.end(encodeFrame({ data: { reset: true } }, undefined));
  takeMore(10);
  expect(taken).toEqual(['1', undefined]);
  expect(isComplete()).toBe(true);
});
