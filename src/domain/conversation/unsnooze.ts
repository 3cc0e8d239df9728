import type { Db, Tx } from '../../db/client.ts';
import { COLUMNS } from '../../db/columns.ts';
import type { Author } from '../../feed/event.ts';
import type { Feed } from '../../feed/feed.ts';
import type { Log } from '../../log.ts';
import { changeConversation } from '../core/conversation-change.ts';
import type { LockedConversation } from '../core/locking.ts';
import { buildStatusChange } from './status-change.ts';

// How late a snoozed conversation may wake.
const INTERVAL_MS = 1_000;
const BATCH_SIZE = 100;

/**
 * Opens snoozed conversations when their time has come, by the database's clock. Every node does so; of two that reach for
 * the same conversation one gets it and the other passes over it.
 */
export function startUnsnoozing({ db, feed, log }: { db: Db; feed: Feed; log: Log }) {
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();
  let stopped = false;

  async function unsnoozeDue() {
    const due = await db.reads.$queryRaw<{ organizationId: string; id: string }[]>`
      SELECT "organizationId", "id" FROM "Conversation"
       WHERE "status" = 'SNOOZED' AND "snoozedUntil" <= clock_timestamp()
       ORDER BY "snoozedUntil" LIMIT ${BATCH_SIZE}`;
    for (const { organizationId, id } of due) {
      const system: Author = { organizationId, kind: 'system', id: '' };
      await feed.record(system, (tx) => unsnooze(tx, organizationId, id));
    }
  }

  function schedule() {
    if (stopped) return;
    timer = setTimeout(() => {
      round = unsnoozeDue()
        .catch((error) => log.warn({ err: error }, 'could not wake snoozed conversations; trying again'))
        .then(schedule);
    }, INTERVAL_MS);
  }

  schedule();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await round;
    },
  };
}

async function unsnooze(tx: Tx, organizationId: string, id: string) {
  const [conversation] = await tx.$queryRaw<LockedConversation[]>`
    SELECT ${COLUMNS.Conversation}, clock_timestamp() AS "now" FROM "Conversation"
     WHERE "organizationId" = ${organizationId} AND "id" = ${id}
       AND "status" = 'SNOOZED' AND "snoozedUntil" <= clock_timestamp()
       FOR NO KEY UPDATE SKIP LOCKED`;
  const events = conversation
    ? await changeConversation(tx, conversation, buildStatusChange(conversation, 'OPEN', null))
    : [];
  return { result: undefined, events };
}
