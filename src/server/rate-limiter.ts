import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible';
import { KEYS } from '../bus/redis-names.ts';
import { RateLimitedError } from '../errors.ts';
import type { Log } from '../log.ts';
import { RATES, type RateLimits, type RateName } from '../rate-limits.ts';

// Interval at which nodes tell Redis what they have counted. A key that goes beyond its limit on several nodes goes on for as long.
const REPORT_INTERVAL_MS = 500;
// Share of a limit that a node counts by itself. Few viewers use more of theirs, and the others cost Redis nothing.
const REPORTED_FROM = 1 / 10;

/** Rate limits of the node. */
export interface RateLimiter {
  /** Counts points of a key, such as the id of a viewer. Throws RateLimitedError beyond the limit. */
  consume(name: RateName, key: string, points?: number): Promise<void>;
  stop(): void;
}

export interface RateLimiterOptions {
  /** Null: nothing is limited. */
  limits: RateLimits | null;
  /** Connection over which nodes share what they count; null for a single node. */
  redis: Redis | null;
  log: Log;
}

/**
 * Counts in the memory of this node, so that no operation waits for Redis. What a key has used of its limit on all nodes is summed in Redis in the
 * background, and a key that is beyond it is refused on every node. While Redis is away, each node allows the whole limit.
 */
export function createRateLimiter({ limits, redis, log }: RateLimiterOptions): RateLimiter {
  if (!limits) return { consume: async () => undefined, stop: () => undefined };
  const counters = new Map(
    Object.entries(RATES).map(([name, { seconds, what }]) => {
      const max = limits[name as RateName];
      return [name, createCounter({ name, what, max, seconds, redis })];
    }),
  );
  const timer = redis && setInterval(report, REPORT_INTERVAL_MS);
  timer?.unref();
  let isReporting = false;

  async function report() {
    if (isReporting || redis?.status !== 'ready') return;
    isReporting = true;
    try {
      await Promise.all([...counters.values()].map((counter) => counter.report()));
    } catch (error) {
      log.debug({ err: error }, 'rates were not shared; each node limits by itself');
    } finally {
      isReporting = false;
    }
  }

  return {
    async consume(name, key, points = 1) {
      await counters.get(name)?.consume(key, points);
    },
    stop: () => clearInterval(timer ?? undefined),
  };
}

interface CounterOptions {
  name: string;
  what: string;
  max: number;
  seconds: number;
  redis: Redis | null;
}

function createCounter({ name, what, max, seconds, redis }: CounterOptions) {
  const options = { points: max, duration: seconds };
  const own = new RateLimiterMemory({ ...options, keyPrefix: '' });
  const all = redis && new RateLimiterRedis({ ...options, storeClient: redis, keyPrefix: KEYS.rate(name) });
  let unreported = new Map<string, number>();

  /** Notes points for the next report: all of the window when its key becomes interesting, then those that are added. */
  function note(key: string, { consumedPoints }: RateLimiterRes, points: number) {
    const from = max * REPORTED_FROM;
    if (consumedPoints < from) return;
    const isFirst = consumedPoints - points < from;
    unreported.set(key, (unreported.get(key) ?? 0) + (isFirst ? consumedPoints : points));
  }

  return {
    async consume(key: string, points: number) {
      try {
        const result = await own.consume(key, points);
        if (all) note(key, result, points);
      } catch (refused) {
        const { msBeforeNext } = refused as RateLimiterRes;
        // Nothing was done: what is smaller may still have its place.
        await own.reward(key, points);
        throw new RateLimitedError(what, Math.max(1, Math.ceil(msBeforeNext / 1_000)));
      }
    },
    async report() {
      const reports = [...unreported];
      unreported = new Map();
      await Promise.all(
        reports.map(async ([key, points]) => {
          const sum = await all?.penalty(key, points);
          if (sum && sum.consumedPoints > max) await own.block(key, sum.msBeforeNext / 1_000);
        }),
      );
    },
  };
}
