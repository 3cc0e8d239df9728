import type { Db, Tx } from '../db/client.ts';
import { COLUMNS } from '../db/columns.ts';
import { deferred } from '../db/deferred.ts';
import type { Event, Prisma } from '../db/generated/prisma/client.ts';
import { newId } from '../ids.ts';
import type { LogPosition } from './commit-positions.ts';
import type { CursorKeys } from './cursor.ts';
import type { Author, FieldChange, LogEvent, NewEvent } from './event.ts';

/** Selects events of an organization: all, those of one conversation, or those of one contact. */
export interface LogScope {
  organizationId: string;
  conversationId?: string | undefined;
  contactId?: string | undefined;
  /** With `conversationId`: also the events of this contact that have no conversation. */
  aboutContactId?: string | undefined;
}

/** State of an organization's log, with the keys of its cursors. */
export interface FeedState extends CursorKeys {
  /** Position of the last event; 0 where there is none. */
  head: number;
  /** Events up to this position may have been deleted. */
  sweptTo: number;
}

/** An event as it is written: position and time are given at the commit. */
export type WrittenEvent = Omit<LogEvent, 'position' | 'occurredAt'>;

/** Writes events to the log, in the transaction of the change that they describe and after all its other statements. */
export async function appendEvents(
  tx: Tx,
  author: Author,
  events: readonly NewEvent[],
): Promise<WrittenEvent[]> {
  const rows = events.map(({ author: other, changes = [], ...event }) => ({
    id: newId('TimelineEvent'),
    organizationId: author.organizationId,
    ...event,
    ...actorColumns(other ?? author),
    changes,
  }));
  // One parameter: the statement is the same for any number of events, and for a thousand takes a fifth of the time.
  await deferred(tx).execute`
    INSERT INTO "Event" (${COLUMNS.Event})
    SELECT ${COLUMNS.Event} FROM jsonb_populate_recordset(NULL::"Event", ${JSON.stringify(rows)}::jsonb)`;
  return rows.map(toWrittenEvent);
}

/** Reads the events after `after` up to and including `upTo`, oldest first, at most `limit`. */
export async function readEvents(
  db: Db,
  scope: LogScope,
  { after, upTo, limit }: { after: number; upTo: number; limit: number },
): Promise<LogEvent[]> {
  const rows = await db.feed.event.findMany({
    where: { ...whereInScope(scope), position: { gt: after, lte: upTo } },
    orderBy: { position: 'asc' },
    take: limit,
  });
  return rows.map(toLogEvent);
}

function whereInScope({ aboutContactId, conversationId, ...rest }: LogScope): Prisma.EventWhereInput {
  if (conversationId === undefined) return rest;
  if (aboutContactId === undefined) return { ...rest, conversationId };
  return { ...rest, OR: [{ conversationId }, { conversationId: null, contactId: aboutContactId }] };
}

/** The condition of `readEvents`, judged in memory. */
export function isInScope(scope: LogScope, event: LogEvent): boolean {
  const { organizationId, conversationId, contactId, aboutContactId } = scope;
  const isOfConversation =
    conversationId === undefined ||
    event.conversationId === conversationId ||
    (event.conversationId === null && event.contactId === aboutContactId);
  return (
    event.organizationId === organizationId &&
    isOfConversation &&
    (contactId === undefined || event.contactId === contactId)
  );
}

/** Reads committed events by their ids, in the order of their positions. */
export async function readEventsById(db: Db, organizationId: string, ids: string[]): Promise<LogEvent[]> {
  const rows = await db.feed.event.findMany({
    where: { organizationId, id: { in: ids } },
    orderBy: { position: 'asc' },
  });
  return rows.map(toLogEvent);
}

export interface LogHead {
  organizationId: string;
  epoch: Uint8Array;
  head: number;
}

/** Reads the heads of many logs in one statement. Leaves out organizations that do not exist. */
export async function readHeads(db: Db, organizationIds: readonly string[]): Promise<LogHead[]> {
  const rows = await db.feed.$queryRaw<(Omit<LogHead, 'head'> & { head: bigint })[]>`
    SELECT "organizationId", "epoch", "head" FROM "Feed" WHERE "organizationId" = ANY(${organizationIds})`;
  return rows.map((row) => ({ ...row, head: Number(row.head) }));
}

export async function readFeedState(db: Db, organizationId: string): Promise<FeedState> {
  const feed = await db.feed.feed.findUniqueOrThrow({ where: { organizationId } });
  return {
    epoch: feed.epoch,
    cursorKey: feed.cursorKey,
    head: Number(feed.head),
    sweptTo: Number(feed.sweptTo),
  };
}

function actorColumns({ kind, id }: Author) {
  return {
    actorUserId: kind === 'user' ? id : null,
    actorContactId: kind === 'contact' ? id : null,
    actorBotId: kind === 'bot' ? id : null,
  };
}

function toLogEvent(row: Event): LogEvent {
  const { position, occurredAt } = row;
  if (position === null || occurredAt === null) throw new Error(`event ${row.id} has no position`);
  const changes = row.changes as unknown as FieldChange[];
  return withPosition(toWrittenEvent({ ...row, changes }), { position: Number(position), occurredAt });
}

export function withPosition(event: WrittenEvent, { position, occurredAt }: LogPosition): LogEvent {
  return { ...event, position, occurredAt: occurredAt.toISOString() };
}

type EventColumns = Pick<Event, 'id' | 'organizationId' | 'type' | 'isPublic'> &
  Partial<Omit<Event, 'changes'>> & { changes: FieldChange[] };

function toWrittenEvent(row: EventColumns): WrittenEvent {
  return {
    id: row.id,
    organizationId: row.organizationId,
    type: row.type,
    actorId: row.actorUserId ?? row.actorContactId ?? row.actorBotId ?? null,
    conversationId: row.conversationId ?? null,
    contactId: row.contactId ?? null,
    messageId: row.messageId ?? null,
    subjectId: row.subjectUserId ?? row.subjectBotId ?? null,
    isPublic: row.isPublic,
    changes: row.changes,
  };
}
