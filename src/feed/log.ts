import type { Db, Tx } from '../db/client.ts';
import { COLUMNS } from '../db/columns.ts';
import type { Event, Prisma } from '../db/generated/prisma/client.ts';
import { WITH_NEXT } from '../db/pipelining.ts';
import { newId } from '../ids.ts';
import type { LogPosition } from './commit-positions.ts';
import type { Author, FieldChange, LogEvent, NewEvent } from './event.ts';

/** Which events of an organization: all, those of one conversation, or those that concern one contact. */
export interface LogScope {
  organizationId: string;
  conversationId?: string | undefined;
  contactId?: string | undefined;
  /** Beside those of the conversation, what is about this contact and no conversation. */
  aboutContactId?: string | undefined;
}

/** Where an organization's log stands, and what its cursors are made of. */
export interface FeedState {
  epoch: Uint8Array;
  cursorKey: Uint8Array;
  head: number;
  sweptTo: number;
}

/** An event as it was written, which has its position only when it is committed. */
export type WrittenEvent = Omit<LogEvent, 'position' | 'occurredAt'>;

/** Writes events into the log, inside the transaction that makes them true. They are the last that it writes but for outcomes. */
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
  // As one parameter: the same statement however many there are, and a fifth of the time for a thousand of them.
  await tx.$executeRaw`${WITH_NEXT}
    INSERT INTO "Event" (${COLUMNS.Event})
    SELECT ${COLUMNS.Event} FROM jsonb_populate_recordset(NULL::"Event", ${JSON.stringify(rows)}::jsonb)`;
  return rows.map(toWrittenEvent);
}

/** The events after `after` up to and including `upTo`, oldest first, at most `limit`. */
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

/** The condition of readEvents, for an event at hand. */
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

/** Events by their ids, in the order of their positions. Only what has been committed has a position. */
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

/** Where many organizations' logs stand, in one statement. */
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

/** The event at its place. */
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
