import type { Db } from '../../db/client.ts';
import { deleteExpiredKeys } from '../../feed/idempotency.ts';
import type { Log } from '../../log.ts';
import { compactCounts } from './counts.ts';

const INTERVAL_MS = 60_000;
// What has changed in between is added up by every reader.
const FOLD_INTERVAL_MS = 10_000;

/** Forgets what is kept for a time only. Every node does so: what one has swept, another does not find. */
export function startMaintenance({ db, log }: { db: Db; log: Log }) {
  const ends = [
    repeat(() => deleteExpiredKeys(db), INTERVAL_MS),
    repeat(() => compactCounts(db), FOLD_INTERVAL_MS),
  ];

  function repeat(sweep: () => Promise<unknown>, intervalMs: number) {
    let round: Promise<unknown> = Promise.resolve();
    const timer = setInterval(() => {
      round = sweep().catch((error) => log.warn({ err: error }, 'could not sweep; trying again'));
    }, intervalMs);
    return async () => {
      clearInterval(timer);
      await round;
    };
  }

  return {
    async stop() {
      await Promise.all(ends.map((end) => end()));
    },
  };
}
