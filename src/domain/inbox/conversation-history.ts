import type { Db } from '../../db/client.ts';
import { type Conversation, Prisma } from '../../db/generated/prisma/client.ts';
import type { ChannelType, EventType } from '../../db/generated/prisma/enums.ts';
import type { FieldChange, LogEvent } from '../../feed/event.ts';

// A live list distinguishes "entered", "changed" and "left" by matching its filter before and after each event. The row in the
// database is of no use for that: it may be newer than the event, because of concurrent writers, and always is for a subscriber
// who catches up. So the row is read together with all later events of the conversation, in one statement (one snapshot), and
// these events are reverted, the newest first.
//
// Example: event 7 changes the status from OPEN to PENDING, event 9 from PENDING to RESOLVED, and the row says RESOLVED. To match
// event 7, event 9 is reverted: the state after event 7 is PENDING. Then event 7 is reverted: the state before it is OPEN. A list of
// pending conversations sends "entered" for event 7 and "left" for event 9.
//
// This is why every event carries the changes of all fields in MatchableState.

/** The part of a conversation that filters match and that events can revert. */
export interface MatchableState
  extends Pick<
    Conversation,
    | 'status'
    | 'priority'
    | 'ownerId'
    | 'contactId'
    | 'botId'
    | 'websiteId'
    | 'audienceId'
    | 'channelId'
    | 'businessUnitId'
    | 'labels'
    | 'initiatedBy'
    | 'createdAt'
  > {
  channelType: ChannelType;
  isDeleted: boolean;
  isWaiting: boolean;
  /** By user id of each member, the seq of the last message that they have read; 0: none. */
  readSeqs: ReadonlyMap<string, number>;
  /** Seq of the contact's last message; 0: none. */
  lastIncomingSeq: number;
}

/** A conversation before and after an event. Null: the conversation did not exist. */
export interface Transition {
  before: MatchableState | null;
  after: MatchableState | null;
}

/** Result of `matchableColumns`. */
export type MatchableRow = Omit<
  MatchableState,
  'isDeleted' | 'isWaiting' | 'readSeqs' | 'lastIncomingSeq'
> & {
  deletedAt: Date | null;
  waitingSince: Date | null;
  members: { userId: string; lastReadSeq: number }[];
  /** Seqs of the contact's last two messages, the newest first. */
  incomingSeqs: number[];
};

type HistoryRow = MatchableRow & {
  /** Later events, the newest first. */
  later: RevertibleEvent[];
  /** Types of the channels that the conversation was in before, by channel id. */
  channelTypes: Record<string, ChannelType> | null;
};

type RevertibleEvent = Pick<LogEvent, 'actorId' | 'changes'> & { type: EventType };

/** SQL columns of a MatchableRow, for a conversation "c" in a channel "h". Messages after `lastSeq` are ignored. */
export function matchableColumns(lastSeq: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    c."status", c."priority", c."ownerId", c."contactId", c."botId", c."websiteId", c."audienceId", c."channelId",
    c."businessUnitId", c."labels", c."initiatedBy", c."createdAt", c."deletedAt", c."waitingSince", h."channelType",
    (SELECT COALESCE(json_agg(json_build_object('userId', m."userId", 'lastReadSeq', m."lastReadSeq")), '[]')
       FROM "ConversationMember" m
      WHERE m."organizationId" = c."organizationId" AND m."conversationId" = c."id") AS "members",
    ARRAY(SELECT m."seq" FROM "Message" m
      WHERE m."organizationId" = c."organizationId" AND m."conversationId" = c."id" AND m."direction" = 'INCOMING'
        AND m."seq" <= ${lastSeq}
      ORDER BY m."seq" DESC LIMIT 2) AS "incomingSeqs"`;
}

export function toMatchableState({
  members,
  deletedAt,
  waitingSince,
  incomingSeqs,
  ...columns
}: MatchableRow): MatchableState {
  return {
    ...columns,
    isDeleted: deletedAt !== null,
    isWaiting: waitingSince !== null,
    readSeqs: new Map(members.map(({ userId, lastReadSeq }) => [userId, lastReadSeq])),
    lastIncomingSeq: incomingSeqs[0] ?? 0,
  };
}

// Seq of the last message at the event: later messages are subtracted.
const LAST_SEQ = Prisma.sql`c."lastSeq" - l."messages"`;

/**
 * Reads the states of conversations right before and right after events, whatever has happened since: one statement for all events, which are
 * of the same organization. Transitions are in the order of the events.
 */
export async function readTransitions(db: Db, events: readonly LogEvent[]): Promise<Transition[]> {
  const organizationId = events[0]?.organizationId;
  const asked = events.map(({ conversationId, position, changes }, index) => ({
    ...{ index, conversationId, position, changes },
  }));
  const rows = await db.feed.$queryRaw<(HistoryRow & { index: number })[]>`
    SELECT a."index", l."later", ${matchableColumns(LAST_SEQ)},
           (SELECT json_object_agg(o."id", o."channelType")
              FROM "Channel" o
             WHERE o."organizationId" = c."organizationId"
               AND o."id" IN (SELECT change->>'before'
                                FROM (SELECT json_array_elements(event->'changes') AS change
                                        FROM json_array_elements(l."later") AS event
                                       UNION ALL
                                      SELECT json_array_elements(a."changes")) AS changed
                               WHERE change->>'field' = 'channel')) AS "channelTypes"
      FROM json_to_recordset(${JSON.stringify(asked)}::json)
             AS a("index" int, "conversationId" text, "position" bigint, "changes" json)
      JOIN "Conversation" c ON c."organizationId" = ${organizationId} AND c."id" = a."conversationId"
      JOIN "Channel" h ON h."organizationId" = c."organizationId" AND h."id" = c."channelId"
      CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE e."type" = 'MESSAGE_ADDED') AS "messages",
               COALESCE(json_agg(json_build_object(
                   'type', e."type", 'actorId', COALESCE(e."actorUserId", e."actorContactId", e."actorBotId"),
                   'changes', e."changes") ORDER BY e."position" DESC), '[]') AS "later"
          FROM "Event" e
         WHERE e."organizationId" = c."organizationId" AND e."conversationId" = c."id" AND e."position" > a."position") l`;
  const byIndex = new Map(rows.map((row) => [row.index, row]));
  return events.map((event, index) => toTransition(event, byIndex.get(index)));
}

function toTransition(event: LogEvent, row: HistoryRow | undefined): Transition {
  if (!row) return { before: null, after: null };
  const { later, channelTypes, ...columns } = row;
  const withChannelType = (state: MatchableState | null): MatchableState | null =>
    state && { ...state, channelType: channelTypes?.[state.channelId] ?? row.channelType };
  const after = withChannelType(later.reduce<MatchableState | null>(revertEvent, toMatchableState(columns)));
  const before = withChannelType(revertEvent(after, event));
  const isIncoming = event.type === 'MESSAGE_ADDED' && event.actorId === event.contactId;
  return {
    after,
    before: before && isIncoming ? { ...before, lastIncomingSeq: row.incomingSeqs[1] ?? 0 } : before,
  };
}

function revertEvent(
  state: MatchableState | null,
  { type, actorId, changes }: RevertibleEvent,
): MatchableState | null {
  if (state === null || type === 'CREATED') return null;
  // A read position belongs to the actor; in an event that removes a member, it belongs to that member.
  const removedMember = changes.find(({ field }) => field === 'members')?.before;
  const readerId = typeof removedMember === 'string' ? removedMember : actorId;
  return changes.reduce((earlier, change) => revertChange(earlier, change, readerId), state);
}

// Columns by field name in events.
const COLUMNS: Record<string, keyof MatchableState> = {
  status: 'status',
  priority: 'priority',
  labels: 'labels',
  owner: 'ownerId',
  bot: 'botId',
  website: 'websiteId',
  audience: 'audienceId',
  channel: 'channelId',
  businessUnit: 'businessUnitId',
};

function revertChange(
  state: MatchableState,
  { field, before, after }: FieldChange,
  readerId: string | null,
): MatchableState {
  const column = COLUMNS[field];
  if (column) return { ...state, [column]: before };
  switch (field) {
    case 'deletedAt':
      return { ...state, isDeleted: before !== null };
    case 'waitingSince':
      return { ...state, isWaiting: before !== null };
    case 'members':
      return { ...state, readSeqs: revertMember(state.readSeqs, { added: after, removed: before }) };
    case 'lastReadSeq':
      return readerId === null
        ? state
        : { ...state, readSeqs: new Map(state.readSeqs).set(readerId, Number(before)) };
    default:
      return state;
  }
}

function revertMember(
  readSeqs: MatchableState['readSeqs'],
  { added, removed }: { added: unknown; removed: unknown },
) {
  const members = new Map(readSeqs);
  if (typeof added === 'string') members.delete(added);
  if (typeof removed === 'string') members.set(removed, 0);
  return members;
}
