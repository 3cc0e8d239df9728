import type { Db, Tx } from '../../db/client.ts';
import { COLUMNS } from '../../db/columns.ts';
import type { Author } from '../../feed/event.ts';
import type { Feed } from '../../feed/feed.ts';
import { changeConversation } from '../core/conversation-change.ts';
import type { LockedConversation } from '../core/locking.ts';
import { buildStatusChange } from './status-change.ts';

const BATCH_SIZE = 100;

/**
 * Reopens snoozed conversations after snoozedUntil, by the database's clock, at most 100 in one run. Concurrent runs on several nodes:
 * SKIP LOCKED leaves each conversation to one of them.
 */
export async function unsnoozeDue({ db, feed }: { db: Db; feed: Feed }) {
  const due = await db.reads.$queryRaw<{ organizationId: string; id: string }[]>`
    SELECT "organizationId", "id" FROM "Conversation"
     WHERE "status" = 'SNOOZED' AND "snoozedUntil" <= clock_timestamp()
     ORDER BY "snoozedUntil" LIMIT ${BATCH_SIZE}`;
  for (const { organizationId, id } of due) {
    const system: Author = { organizationId, kind: 'system', id: '' };
    await feed.record(system, (tx) => unsnooze(tx, organizationId, id));
  }
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
