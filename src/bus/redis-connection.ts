import { Redis } from 'ioredis';
import type { Link, Links } from '../links.ts';

const MAX_RETRY_DELAY_MS = 2_000;
// Longest wait for an answer, also to a new connection. A connection that gives none is made anew. Callers don't depend on it: the log has every
// event, and presence and activity are reported again.
const ANSWER_TIMEOUT_MS = 2_000;
// A connection on which nothing happens is asked this often for an answer: half-open, it would look as one that has nothing to tell.
const PINGS_PER_TIMEOUT = 2;

/** How the links to Redis are watched and reported. */
export interface RedisLinkOptions {
  /** Where the state of the links is kept. @default nowhere */
  links?: Links | undefined;
  /** Time in which Redis must answer. @default 2000 */
  answerTimeoutMs?: number | undefined;
}

export interface RedisConnectionOptions {
  /** A connection that subscribes can send no other commands. */
  role: 'commands' | 'subscriptions';
  link: Link;
  answerTimeoutMs?: number | undefined;
  /** Called on each new connection. The link is up when it has resolved; it is called again, later, when it has failed. */
  prepare?: () => Promise<void>;
}

/**
 * Connects to Redis, and again whenever the connection breaks or leaves a command or ping without an answer. Does not wait for the first
 * connection. For `commands`, a command fails at once while there is no connection. For `subscriptions`, the caller subscribes in
 * `prepare`, since ioredis does not report when its own resubscription is confirmed.
 */
export function connectRedis(url: string, options: RedisConnectionOptions): Redis {
  const { role, link, answerTimeoutMs = ANSWER_TIMEOUT_MS, prepare } = options;
  const redis = new Redis(url, {
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), MAX_RETRY_DELAY_MS),
    connectTimeout: answerTimeoutMs,
    socketTimeout: answerTimeoutMs,
    // Later, so that of a connection that gives no answer its link tells, and not each command.
    commandTimeout: answerTimeoutMs * 1.25,
    // A connection that does not answer does not answer the goodbye either.
    disconnectTimeout: answerTimeoutMs,
    autoResendUnfulfilledCommands: false,
    ...(role === 'commands'
      ? { enableOfflineQueue: false, maxRetriesPerRequest: 0 }
      : { autoResubscribe: false, maxRetriesPerRequest: null }),
  });
  const isReady = () => redis.status === 'ready';

  async function start() {
    const { stream } = redis;
    try {
      await prepare?.();
      if (isReady() && redis.stream === stream) link.up();
    } catch (error) {
      if (!isReady() || redis.stream !== stream) return;
      link.down(error as Error);
      setTimeout(() => void (isReady() && redis.stream === stream && start()), MAX_RETRY_DELAY_MS).unref();
    }
  }

  const timer = setInterval(() => {
    // An answer that does not come breaks the connection (socketTimeout).
    if (isReady()) redis.ping().catch(() => undefined);
  }, answerTimeoutMs / PINGS_PER_TIMEOUT);
  timer.unref();
  return redis
    .on('ready', () => void start())
    .on('error', link.down)
    .on('reconnecting', () => link.down(new Error('the connection was closed')))
    .on('end', () => clearInterval(timer));
}
