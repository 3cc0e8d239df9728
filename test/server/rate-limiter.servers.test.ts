import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { connectRedis } from '../../src/bus/redis-connection.ts';
import { RateLimitedError } from '../../src/errors.ts';
import { createLinks } from '../../src/links.ts';
import { createLog } from '../../src/log.ts';
import { parseRateLimits } from '../../src/rate-limits.ts';
import { createRateLimiter, type RateLimiter } from '../../src/server/rate-limiter.ts';
import { times } from '../support/times.ts';

const URL = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';
const LIMIT = 40;

const addLink = () => createLinks(createLog('silent')).add('redis.rates', 'each node limits by itself');

const running: (() => void)[] = [];
afterEach(() => {
  for (const stop of running.splice(0)) stop();
});

async function startLimiter(url = URL): Promise<RateLimiter> {
  const redis = connectRedis(url, { role: 'commands', link: addLink() });
  if (url === URL) await new Promise((resolve) => redis.once('ready', resolve));
  const limits = parseRateLimits(`contact.conversations=${LIMIT}`);
  const limiter = createRateLimiter({ limits, redis, log: createLog('silent') });
  running.push(() => {
    limiter.stop();
    redis.disconnect();
  });
  return limiter;
}

const consume = (limiter: RateLimiter, key: string, points?: number) =>
  limiter.consume('contact.conversations', key, points).then(
    () => 'allowed',
    (error: unknown) => (error instanceof RateLimitedError ? 'refused' : error),
  );

test('nodes share what they count: a key that is beyond its limit on all together is refused on each', async () => {
  const nodes = [await startLimiter(), await startLimiter(), await startLimiter()];
  const [key, other] = [randomUUID(), randomUUID()];
  for (const node of nodes) {
    for (const _ of times(LIMIT / 2, String)) expect(await consume(node, key)).toBe('allowed');
  }
  for (const node of nodes) {
    // Beyond the limit at the latest with the next report. Zero points count nothing.
    await expect.poll(() => consume(node, key, 0)).toBe('refused');
    expect(await consume(node, other)).toBe('allowed');
  }
});

test('a key that uses little of its limit costs Redis nothing', async () => {
  const limiter = await startLimiter();
  const key = randomUUID();
  const redis = connectRedis(URL, { role: 'commands', link: addLink() });
  running.push(() => redis.disconnect());
  await new Promise((resolve) => redis.once('ready', resolve));
  const [quiet, busy] = [randomUUID(), key];
  await consume(limiter, quiet, LIMIT / 10 - 1);
  await consume(limiter, busy, LIMIT / 10);
  const readCount = (of: string) => redis.get(`parley:rate:contact.conversations:${of}`);
  await expect.poll(() => readCount(busy)).toBe(String(LIMIT / 10));
  expect(await readCount(quiet)).toBeNull();
  // From then on every point is told.
  await consume(limiter, busy, 3);
  await expect.poll(() => readCount(busy)).toBe(String(LIMIT / 10 + 3));
});

test('without a connection to Redis, the node limits by itself', async () => {
  const limiter = await startLimiter('redis://127.0.0.1:1');
  const key = randomUUID();
  expect(await consume(limiter, key, LIMIT)).toBe('allowed');
  expect(await consume(limiter, key)).toBe('refused');
});
