import { Redis } from 'ioredis';

const MAX_RETRY_DELAY_MS = 2_000;
// Longest wait for an answer. Callers don't depend on it: the log has every event, and presence and activity are reported again.
const COMMAND_TIMEOUT_MS = 2_000;

const OPTIONS = {
  retryStrategy: (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 10), MAX_RETRY_DELAY_MS),
  commandTimeout: COMMAND_TIMEOUT_MS,
};

export interface RedisConnectionOptions {
  /** A connection that subscribes can send no other commands. */
  role: 'commands' | 'subscriptions';
  /** Called for each failed attempt to connect and each connection that breaks. */
  onError: (error: Error) => void;
}

/**
 * Connects to Redis, and again whenever the connection breaks. Does not wait for the first connection. For `commands`, a command fails
 * at once while there is no connection. For `subscriptions`, the caller subscribes again on every `ready` event, since ioredis
 * does not report when its own resubscription is confirmed.
 */
export function connectRedis(url: string, { role, onError }: RedisConnectionOptions): Redis {
  const redis =
    role === 'commands'
      ? new Redis(url, { ...OPTIONS, enableOfflineQueue: false, maxRetriesPerRequest: 0 })
      : new Redis(url, { ...OPTIONS, autoResubscribe: false, maxRetriesPerRequest: null });
  return redis.on('error', onError);
}
