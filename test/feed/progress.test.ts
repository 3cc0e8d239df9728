import { expect, test } from 'vitest';
import { createLag, createReplayCounts } from '../../src/feed/progress.ts';

test('a lag is the time since a head was read that was delivered by then or later', () => {
  let now = 0;
  const lag = createLag(() => now);
  now = 2_000;
  lag.check(5, 1_900, 5);
  expect(lag.readSeconds(5)).toBeCloseTo(0.1);
  now = 4_000;
  lag.check(8, 3_900, 5);
  expect(lag.readSeconds(5)).toBeCloseTo(2.1);
  expect(lag.readSeconds(7)).toBeCloseTo(2.1);
  expect(lag.readSeconds(8)).toBeCloseTo(0.1);
  now = 10_000;
  expect(lag.readSeconds(9)).toBeCloseTo(6.1);
});

test('a head that is not reached before the next one is read does not count', () => {
  let now = 0;
  const lag = createLag(() => now);
  now = 1_000;
  lag.check(5, 1_000, 3);
  now = 2_000;
  lag.check(9, 2_000, 5);
  expect(lag.readSeconds(6)).toBeCloseTo(1);
  now = 3_000;
  lag.check(20, 3_000, 6);
  expect(lag.readSeconds(6)).toBeCloseTo(2);
});

test('a replay counts from its first event to its end, also when it is given up', async () => {
  const counts = createReplayCounts();
  async function* replay() {
    yield 1;
    yield 2;
    return 'done';
  }
  const [whole, givenUp] = [counts.run('ORG-1', replay()), counts.run('ORG-1', replay())];
  expect(counts.byOrganization().size).toBe(0);
  await Promise.all([whole.next(), givenUp.next()]);
  expect([...counts.byOrganization()]).toEqual([['ORG-1', 2]]);
  await givenUp.return(undefined as never);
  expect(await whole.next()).toEqual({ done: false, value: 2 });
  expect([...counts.byOrganization()]).toEqual([['ORG-1', 1]]);
  expect(await whole.next()).toEqual({ done: true, value: 'done' });
  expect(counts.byOrganization().size).toBe(0);
});
