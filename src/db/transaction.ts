import pLimit, { type LimitFunction } from 'p-limit';
import { BusyError } from '../errors.ts';
import type { Db, Tx } from './client.ts';

const MAX_ATTEMPTS = 6;
const FIRST_BACKOFF_MS = 5;
// Nothing legitimate takes this long; what does is rolled back.
const TRANSACTION_TIMEOUT_MS = 15_000;

// serialization_failure, deadlock_detected, lock_not_available; then Prisma's words for "a deadlock or a write conflict"
// and for "no connection in time".
const RETRYABLE_CODES = new Set(['40001', '40P01', '55P03', 'P2034', 'P2028']);

export type Transact = ReturnType<typeof createTransact>;

/**
 * Runs a change in one READ COMMITTED transaction. What fails because another transaction was in the way is rolled
 * back and run again, a bounded number of times, then reported as BusyError; so a change must be safe to run twice until
 * it commits. One organization holds at most a quarter of the connections.
 */
export function createTransact(db: Db) {
  const limits = new Map<string, LimitFunction>();

  async function attempt<T>(run: (tx: Tx) => Promise<T>): Promise<T> {
    let pauseMs = FIRST_BACKOFF_MS;
    for (let tried = 1; ; tried++) {
      try {
        return await db.writes.$transaction(run, {
          maxWait: db.transactionWaitMs,
          timeout: Math.max(TRANSACTION_TIMEOUT_MS, db.transactionWaitMs),
        });
      } catch (error) {
        if (!isRetryable(error)) throw error;
        if (tried === MAX_ATTEMPTS) throw new BusyError({ cause: error });
        // Spread out, so that those who collided do not meet again.
        await pause(pauseMs * (0.5 + Math.random()));
        pauseMs *= 2;
      }
    }
  }

  return async function transact<T>(organizationId: string, run: (tx: Tx) => Promise<T>): Promise<T> {
    const limit = limits.get(organizationId) ?? pLimit(db.maxTransactionsPerOrganization);
    limits.set(organizationId, limit);
    try {
      return await limit(() => attempt(run));
    } finally {
      if (limit.activeCount === 0 && limit.pendingCount === 0) limits.delete(organizationId);
    }
  };
}

function isRetryable(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (codesOf(cause).some((code) => RETRYABLE_CODES.has(code))) return true;
  }
  return false;
}

// Prisma keeps PostgreSQL's code in different places for its own queries, for raw ones, and for COMMIT.
function codesOf(error: object): string[] {
  const { code, originalCode, meta, cause } = error as Record<string, unknown>;
  const own = [code, originalCode].filter((value) => typeof value === 'string');
  const nested = [meta, cause, (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError];
  return [...own, ...nested.flatMap((value) => (value && typeof value === 'object' ? codesOf(value) : []))];
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
