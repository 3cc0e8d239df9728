import { expect, test } from 'vitest';
import type { FrameResult } from '../../src/live/executor.ts';
import { createResultCache } from '../../src/live/result-cache.ts';

const outcomeOf = (bytes: number): FrameResult => ({
  payload: { result: {}, body: Buffer.alloc(bytes), cursor: undefined },
});

/** What is kept, and a count of what had to be made. */
function createCounted() {
  const kept = createResultCache();
  let made = 0;
  return {
    made: () => made,
    ask: (key: string, position: number, outcome: FrameResult | null = outcomeOf(100)) =>
      kept.getOrExecute(key, position, async () => {
        made += 1;
        return outcome;
      }),
  };
}

test('an event is made once for a key, also for who asks while it is being made', async () => {
  const { ask, made } = createCounted();
  const [one, other] = await Promise.all([ask('inbox', 1), ask('inbox', 1)]);
  expect(one).toBe(other);
  expect(await ask('inbox', 1)).toBe(one);
  expect(made()).toBe(1);
  await Promise.all([ask('inbox', 2), ask('inbox of another', 1)]);
  expect(made()).toBe(3);
});

test('what failed or is gone is made again for the next who asks', async () => {
  const { ask, made } = createCounted();
  await ask('inbox', 1, { errors: [] });
  await ask('inbox', 1, { gone: true });
  await ask('inbox', 1, null);
  await ask('inbox', 1);
  expect(made()).toBe(3);
});

test('large ones displace what nobody has asked for longest', async () => {
  const { ask, made } = createCounted();
  for (let position = 1; position <= 20; position++) {
    await ask('inbox', position, outcomeOf(1_048_576));
    // The first is asked for again and again.
    await ask('inbox', 1);
  }
  expect(made()).toBe(20);
  await ask('inbox', 2, outcomeOf(1_048_576));
  expect(made()).toBe(21);
});
