import type { Db } from '../db/client.ts';
import { sweepKeys } from '../feed/idempotency.ts';
import type { Log } from '../log.ts';

const INTERVAL_MS = 60_000;

/** Forgets what is kept for a time only. Every node does so: what one has swept, another does not find. */
export function startSweeping({ db, log }: { db: Db; log: Log }) {
  let round: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    round = sweepKeys(db).catch((error) => log.warn({ err: error }, 'could not sweep; trying again'));
  }, INTERVAL_MS);
  return {
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}
