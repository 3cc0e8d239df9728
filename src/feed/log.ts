import type { Db, Tx } from '../db/client.ts';
import { COLUMNS } from '../db/columns.ts';
import { deferred } from '../db/deferred.ts';
import { type Event, Prisma } from '../db/generated/prisma/client.ts';
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
  /** Events up to this position may have been deleted, but for the newest public event of each contact. */
  sweptTo: number;
  /** The head at the beginning of the hour, by the database's clock. */
  hourMark: number;
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

/** A contact, and their organization. */
export interface ContactScope {
  organizationId: string;
  contactId: string;
}

/** Position of the contact's newest public event after `after`, up to and including `upTo`; null if there is none. */
export async function readNewestPublic(
  db: Db,
  { organizationId, contactId }: ContactScope,
  { after, upTo }: { after: number; upTo: number },
): Promise<number | null> {
  const event = await db.feed.event.findFirst({
    where: { organizationId, contactId, isPublic: true, position: { gt: after, lte: upTo } },
    orderBy: { position: 'desc' },
    select: { position: true },
  });
  return event === null ? null : Number(event.position);
}

export type LogHead = Pick<FeedState, 'epoch' | 'head' | 'hourMark'> & { organizationId: string };

// With no event in this hour yet, the hour began with the head.
const HOUR_MARK = Prisma.sql`LEAST("head", CASE WHEN "hour" >= date_trunc('hour', now(), 'UTC') THEN "hourMark" ELSE "head" END)`;

/** Reads the heads of many logs in one statement. Leaves out organizations that do not exist. */
export async function readHeads(db: Db, organizationIds: readonly string[]): Promise<LogHead[]> {
  const rows = await db.feed.$queryRaw<(LogHead & { head: bigint; hourMark: bigint })[]>`
    SELECT "organizationId", "epoch", "head", ${HOUR_MARK} AS "hourMark"
      FROM "Feed" WHERE "organizationId" = ANY(${organizationIds})`;
  return rows.map((row) => ({ ...row, head: Number(row.head), hourMark: Number(row.hourMark) }));
}

export async function readFeedState(db: Db, organizationId: string): Promise<FeedState> {
  const [row] = await db.feed.$queryRaw<FeedState[]>`
    SELECT "epoch", "cursorKey", "head", "sweptTo", ${HOUR_MARK} AS "hourMark"
      FROM "Feed" WHERE "organizationId" = ${organizationId}`;
  return toFeedState(organizationId, row);
}

/**
 * State of the log, and in `newest` the position up to which a contact may know it: that of their newest public event, or the hour mark
 * where that is newer. One statement, which looks only at the contact's events of this hour.
 */
export async function readContactState(
  db: Db,
  { organizationId, contactId }: ContactScope,
): Promise<FeedState & { newest: number }> {
  const [row] = await db.feed.$queryRaw<(FeedState & { newest: bigint })[]>`
    SELECT f.*, GREATEST(f."hourMark", (
             SELECT max(e."position") FROM "Event" e
              WHERE e."organizationId" = ${organizationId} AND e."contactId" = ${contactId} AND e."isPublic"
                AND e."position" > f."hourMark" AND e."position" <= f."head")) AS "newest"
      FROM (SELECT "epoch", "cursorKey", "head", "sweptTo", ${HOUR_MARK} AS "hourMark"
              FROM "Feed" WHERE "organizationId" = ${organizationId}) f`;
  return { ...toFeedState(organizationId, row), newest: Number(row?.newest) };
}

function toFeedState(organizationId: string, row: FeedState | undefined): FeedState {
  if (!row) throw new Error(`the organization ${organizationId} has no feed`);
  const { epoch, cursorKey, head, sweptTo, hourMark } = row;
  return {
    epoch,
    cursorKey,
    head: Number(head),
    sweptTo: Number(sweptTo),
    hourMark: Number(hourMark),
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
