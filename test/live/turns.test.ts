import { expect, test } from 'vitest';
import { createTurns } from '../../src/live/turns.ts';
import { times } from '../support/times.ts';

const SLICE_MS = 5;

function work(ms: number) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test('a single step runs at once', () => {
  expect(createTurns()()).toBeUndefined();
});

test('the event loop goes round between slices of steps that come together', async () => {
  const turn = createTurns();
  let [rounds, isOver] = [0, false];
  const count = () => {
    rounds += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const roundOf = await Promise.all(
    times(40, async () => {
      await turn();
      work(1);
      return rounds;
    }),
  );
  isOver = true;
  expect(roundOf).toEqual(roundOf.toSorted((one, other) => one - other));
  const stepsOf = (round: number) => roundOf.filter((other) => other === round).length;
  // The first step runs before the first slice.
  expect(Math.max(...roundOf.map(stepsOf))).toBeLessThanOrEqual(SLICE_MS + 2);
});

test('a step that takes several turns lets the others have theirs', async () => {
  const turn = createTurns();
  const order: string[] = [];
  const step = async (name: string) => {
    for (const nth of times(3, String)) {
      await turn();
      order.push(`${name}${nth}`);
    }
  };
  await Promise.all([step('a'), step('b')]);
  expect(order).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2']);
});
