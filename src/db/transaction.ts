import { BusyError } from '../errors.ts';
import type { Db, Tx } from './client.ts';
import { toDatabaseFailure } from './failure.ts';
import { createOrganizationShares } from './organization-share.ts';

const MAX_ATTEMPTS = 6;
const FIRST_BACKOFF_MS = 5;
// A transaction that takes longer is rolled back.
const TRANSACTION_TIMEOUT_MS = 15_000;
// Changes of one organization. At 100 a second, the last of them waits for ten.
const MAX_WAITING = 1_000;

export type Transact = ReturnType<typeof createTransact>;

/**
 * Runs a change in one READ COMMITTED transaction. A deadlock, a serialization failure or a lock timeout rolls it back and runs it again
 * with exponential backoff, at most 6 times in all, then throws BusyError; so the change must have no effects outside of the transaction. Changes
 * of one organization queue for at most a quarter of the connections, and are refused with BusyError when too many wait.
 */
export function createTransact(db: Db) {
  const runInShare = createOrganizationShares({
    max: db.maxTransactionsPerOrganization,
    maxWaiting: MAX_WAITING,
  });

  async function attempt<T>(run: (tx: Tx) => Promise<T>): Promise<T> {
    let backoffMs = FIRST_BACKOFF_MS;
    for (let attempts = 1; ; attempts++) {
      try {
        return await db.writes.$transaction(run, {
          maxWait: db.transactionWaitMs,
          timeout: Math.max(TRANSACTION_TIMEOUT_MS, db.transactionWaitMs),
        });
      } catch (error) {
        const failure = toDatabaseFailure(error);
        if (failure === null) throw error;
        if (failure !== 'conflict' || attempts === MAX_ATTEMPTS) throw new BusyError({ cause: error });
        // Jitter, so that transactions that collided do not collide again.
        await pause(backoffMs * (0.5 + Math.random()));
        backoffMs *= 2;
      }
    }
  }

  function transact<T>(organizationId: string, run: (tx: Tx) => Promise<T>): Promise<T> {
    return runInShare(organizationId, () => attempt(run));
  }

  return Object.assign(transact, { countWaiting: runInShare.countWaiting });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
