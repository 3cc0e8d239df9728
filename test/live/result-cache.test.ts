import { expect, test } from 'vitest';
import type { FrameResult } from '../../src/live/executor.ts';
import { createResultCache } from '../../src/live/result-cache.ts';

const resultOf = (bytes: number): FrameResult => ({
  frame: { result: {}, body: Buffer.alloc(bytes), cursor: undefined },
});

/** A cache, and the number of executions that it did not save. */
function createCountedCache() {
  const cache = createResultCache();
  let executions = 0;
  return {
    executions: () => executions,
    get: (
      group: string,
      position: number,
      { result = resultOf(100) as FrameResult | null, version = 0 } = {},
    ) =>
      cache.getOrExecute({ group, position, version }, async () => {
        executions += 1;
        return result;
      }),
  };
}

test('an event is executed once per group, also for concurrent calls', async () => {
  const { get, executions } = createCountedCache();
  const [one, other] = await Promise.all([get('inbox', 1), get('inbox', 1)]);
  expect(one).toBe(other);
  expect(await get('inbox', 1)).toBe(one);
  expect(executions()).toBe(1);
  await Promise.all([get('inbox', 2), get('other inbox', 1)]);
  expect(executions()).toBe(3);
});

test('errors and results without a frame are not cached', async () => {
  const { get, executions } = createCountedCache();
  await get('inbox', 1, { result: { errors: [] } });
  await get('inbox', 1, { result: { gone: true } });
  await get('inbox', 1, { result: null });
  await get('inbox', 1);
  expect(executions()).toBe(3);
});

test('a result of another version is not served, whether it was complete or not', async () => {
  const { get, executions } = createCountedCache();
  const inFlight = get('inbox', 1);
  const newer = get('inbox', 1, { version: 1 });
  expect(newer).not.toBe(inFlight);
  // The older execution completes last and must not replace the newer result.
  await Promise.all([newer, inFlight]);
  expect(await get('inbox', 1, { version: 1 })).toBe(await newer);
  expect(executions()).toBe(2);
  await get('inbox', 1, { version: 2 });
  expect(executions()).toBe(3);
});

test('large results evict those that were not used for longest', async () => {
  const { get, executions } = createCountedCache();
  const result = resultOf(1_048_576);
  for (let position = 1; position <= 20; position++) {
    await get('inbox', position, { result });
    // Keeps the first in use.
    await get('inbox', 1);
  }
  expect(executions()).toBe(20);
  await get('inbox', 2, { result });
  expect(executions()).toBe(21);
});
