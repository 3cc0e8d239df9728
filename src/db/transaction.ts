import pLimit, { type LimitFunction } from 'p-limit';
import { BusyError } from '../errors.ts';
import type { Db, Tx } from './client.ts';

const MAX_ATTEMPTS = 6;
const FIRST_BACKOFF_MS = 5;
// A transaction that takes longer is rolled back.
const TRANSACTION_TIMEOUT_MS = 15_000;

// serialization_failure, deadlock_detected, lock_not_available; then Prisma's codes for a deadlock or write conflict, and for a
// transaction that got no connection in time or took too long.
const RETRYABLE_CODES = new Set(['40001', '40P01', '55P03', 'P2034', 'P2028']);

export type Transact = ReturnType<typeof createTransact>;

/**
 * Runs a change in one READ COMMITTED transaction. A deadlock, a serialization failure or a lock timeout rolls it back and runs it again
 * with exponential backoff, at most 6 times in all, then throws BusyError; so the change must have no effects outside of the transaction. Changes
 * of one organization queue for at most a quarter of the connections.
 */
export function createTransact(db: Db) {
  const limits = new Map<string, LimitFunction>();

  async function attempt<T>(run: (tx: Tx) => Promise<T>): Promise<T> {
    let backoffMs = FIRST_BACKOFF_MS;
    for (let attempts = 1; ; attempts++) {
      try {
        return await db.writes.$transaction(run, {
          maxWait: db.transactionWaitMs,
          timeout: Math.max(TRANSACTION_TIMEOUT_MS, db.transactionWaitMs),
        });
      } catch (error) {
        if (!isRetryable(error)) throw error;
        if (attempts === MAX_ATTEMPTS) throw new BusyError({ cause: error });
        // Jitter, so that transactions that collided do not collide again.
        await pause(backoffMs * (0.5 + Math.random()));
        backoffMs *= 2;
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

// Prisma puts PostgreSQL's code in different places for its own queries, for raw ones, and for COMMIT.
function codesOf(error: object): string[] {
  const { code, originalCode, meta, cause } = error as Record<string, unknown>;
  const own = [code, originalCode].filter((value) => typeof value === 'string');
  const nested = [meta, cause, (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError];
  return [...own, ...nested.flatMap((value) => (value && typeof value === 'object' ? codesOf(value) : []))];
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
