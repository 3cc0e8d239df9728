import type { Db } from '../../db/client.ts';
import { type Conversation, Prisma } from '../../db/generated/prisma/client.ts';
import type { ChannelType, EventType } from '../../db/generated/prisma/enums.ts';
import type { FieldChange, LogEvent } from '../../feed/event.ts';

/** What filters look at of a conversation. */
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
  /** Of each member, the last message that they have read. */
  readSeqs: ReadonlyMap<string, number>;
  /** Number of the last message that came from the contact; 0 where none did. */
  lastIncomingSeq: number;
}

/** A conversation before and after an event; null where there was none. */
export interface Transition {
  before: MatchableState | null;
  after: MatchableState | null;
}

/** What `stateColumns` gives of a conversation. */
export type MatchableRow = Omit<
  MatchableState,
  'isDeleted' | 'isWaiting' | 'readSeqs' | 'lastIncomingSeq'
> & {
  deletedAt: Date | null;
  waitingSince: Date | null;
  members: { userId: string; lastReadSeq: number }[];
  /** The last two, newest first. */
  incomingSeqs: number[];
};

type HistoryRow = MatchableRow & {
  later: { type: EventType; actorId: string | null; changes: FieldChange[] }[];
  /** Of the channels that it was in before. */
  channelTypes: Record<string, ChannelType> | null;
};

/** The columns of a ViewState, of a conversation "c" in a channel "h"; the last messages are those up to `lastSeq`. */
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

// What is behind the event is not counted.
const LAST_SEQ = Prisma.sql`c."lastSeq" - (SELECT count(*) FROM later WHERE "type" = 'MESSAGE_ADDED')`;

/**
 * How the conversation stood right before and right after the event, whatever has happened since: read with all that is in the log
 * behind the event, in one statement, and so in one snapshot; then what is behind it is taken back.
 */
export async function readTransition(db: Db, event: LogEvent): Promise<Transition> {
  const { organizationId, conversationId, position } = event;
  const own = JSON.stringify(event.changes);
  const [row] = await db.feed.$queryRaw<HistoryRow[]>`
    WITH later AS (
      SELECT "position", "type", COALESCE("actorUserId", "actorContactId", "actorBotId") AS "actorId", "changes"
        FROM "Event"
       WHERE "organizationId" = ${organizationId} AND "conversationId" = ${conversationId} AND "position" > ${position}
    )
    SELECT ${matchableColumns(LAST_SEQ)},
           (SELECT json_object_agg(o."id", o."channelType")
              FROM "Channel" o
             WHERE o."organizationId" = c."organizationId"
               AND o."id" IN (SELECT change->>'before'
                                FROM (SELECT "changes" FROM later UNION ALL SELECT ${own}::jsonb) AS changed("changes"),
                                     jsonb_array_elements(changed."changes") AS change
                               WHERE change->>'field' = 'channel')) AS "channelTypes",
           (SELECT COALESCE(json_agg(json_build_object('type', "type", 'actorId', "actorId", 'changes', "changes")
                                     ORDER BY "position" DESC), '[]') FROM later) AS "later"
      FROM "Conversation" c
      JOIN "Channel" h ON h."organizationId" = c."organizationId" AND h."id" = c."channelId"
     WHERE c."organizationId" = ${organizationId} AND c."id" = ${conversationId}`;
  if (!row) return { before: null, after: null };
  const { later, channelTypes, ...columns } = row;
  // The type goes with the channel.
  const inChannel = (state: MatchableState | null): MatchableState | null =>
    state && { ...state, channelType: channelTypes?.[state.channelId] ?? row.channelType };
  const after = inChannel(later.reduce<MatchableState | null>(revertEvent, toMatchableState(columns)));
  const before = inChannel(revertEvent(after, event));
  const isIncoming = event.type === 'MESSAGE_ADDED' && event.actorId === event.contactId;
  return {
    after,
    before: before && isIncoming ? { ...before, lastIncomingSeq: row.incomingSeqs[1] ?? 0 } : before,
  };
}

type RevertibleEvent = Pick<LogEvent, 'type' | 'actorId' | 'changes'>;

function revertEvent(
  state: MatchableState | null,
  { type, actorId, changes }: RevertibleEvent,
): MatchableState | null {
  if (state === null || type === 'CREATED') return null;
  // How far somebody had read is their own doing, or that of whoever takes them out.
  const left = changes.find(({ field }) => field === 'members')?.before;
  const readerId = typeof left === 'string' ? left : actorId;
  return changes.reduce((earlier, change) => revertChange(earlier, change, readerId), state);
}

// Fields of the API that are columns by another name.
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
      return { ...state, readSeqs: withMember(state.readSeqs, { left: after, back: before }) };
    case 'lastReadSeq':
      return readerId === null
        ? state
        : { ...state, readSeqs: new Map(state.readSeqs).set(readerId, Number(before)) };
    default:
      return state;
  }
}

function withMember(readSeqs: MatchableState['readSeqs'], { left, back }: { left: unknown; back: unknown }) {
  const members = new Map(readSeqs);
  if (typeof left === 'string') members.delete(left);
  if (typeof back === 'string') members.set(back, 0);
  return members;
}
