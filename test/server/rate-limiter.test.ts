import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RateLimitedError } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import { parseRateLimits } from '../../src/rate-limits.ts';
import { createRateLimiter } from '../../src/server/rate-limiter.ts';
import { times } from '../support/times.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function createLimiter(settings: string) {
  return createRateLimiter({ limits: parseRateLimits(settings), redis: null, log: createLog('silent') });
}

test('a key is refused beyond its limit, with the seconds until the window ends, and goes on after it', async () => {
  const limiter = createLimiter('contact.operations=3');
  for (const _ of times(3, String)) await limiter.consume('contact.operations', 'a');
  vi.advanceTimersByTime(2_500);
  const refused = await limiter.consume('contact.operations', 'a').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(RateLimitedError);
  expect(refused).toMatchObject({
    retryAfter: 8,
    message: 'Too many operations in a short time. Try again in 8 s.',
  });
  vi.advanceTimersByTime(7_500);
  await limiter.consume('contact.operations', 'a');
});

test('keys, and limits, do not share their windows', async () => {
  const limiter = createLimiter('contact.operations=1,user.operations=1');
  await limiter.consume('contact.operations', 'a');
  await limiter.consume('contact.operations', 'b');
  await limiter.consume('user.operations', 'a');
  await expect(limiter.consume('contact.operations', 'a')).rejects.toThrow(RateLimitedError);
});

test('points are counted', async () => {
  const limiter = createLimiter('contact.cost=100');
  await limiter.consume('contact.cost', 'a', 60);
  await expect(limiter.consume('contact.cost', 'a', 60)).rejects.toThrow(RateLimitedError);
  // Points that were refused are not.
  await limiter.consume('contact.cost', 'a', 40);
  await expect(limiter.consume('contact.cost', 'a', 1)).rejects.toThrow(RateLimitedError);
});

test('off refuses nothing', async () => {
  const limiter = createLimiter('off');
  for (const _ of times(100_000, String)) await limiter.consume('contact.conversations', 'a');
});
