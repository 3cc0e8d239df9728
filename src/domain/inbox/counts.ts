import type { Db } from '../../db/client.ts';
import { Prisma } from '../../db/generated/prisma/client.ts';
import { ConversationStatus } from '../../db/generated/prisma/enums.ts';
import { countUnreadByContact } from '../core/unread.ts';
import { isTeam, type Viewer } from '../core/viewer.ts';
import { type ConversationFilter, conversationsMatching, requireValidFilter } from './filter.ts';

export type CountsFilter = Pick<ConversationFilter, 'status' | 'businessUnitId' | 'channelId'>;

export interface ConversationCounts {
  /** Identifies the filter: equal for filters with the same values in any order. */
  key: string;
  all: number;
  mine: number;
  unassigned: number;
  unread: number;
  /** All statuses that the filter allows, in the order of the enum. */
  byStatus: { status: ConversationStatus; count: number }[];
  /** Owners with at least one conversation, the largest count first. `ownerId` null: unassigned. */
  byOwner: { ownerId: string | null; count: number }[];
}

/** Counts that are the same for the whole team, by status, user id and bot id. Owner '' is unassigned. */
interface TeamTotals {
  statuses: Map<string, number>;
  owners: Map<string, number>;
  bots: Map<string, number>;
}

const STATUSES = Object.values(ConversationStatus);
// Rows per run, far above what one interval brings; the next run takes the rest.
const COMPACT_BATCH_SIZE = 50_000;

/** Counts of the conversations that match the filter and that the viewer sees. Throws BadArgumentError for an invalid filter. */
export async function readCounts(db: Db, viewer: Viewer, filter: CountsFilter): Promise<ConversationCounts> {
  const counts = (await readCountsForViewers(db, [viewer], filter)).get(viewer.id);
  if (!counts) throw new Error(`no counts for viewer ${viewer.id}`);
  return counts;
}

/** Counts for several team viewers of one organization, or for one contact. By viewer id. */
export async function readCountsForViewers(
  db: Db,
  viewers: readonly [Viewer, ...Viewer[]],
  filter: CountsFilter,
): Promise<Map<string, ConversationCounts>> {
  const [first] = viewers;
  requireValidFilter(first, filter);
  if (!isTeam(first)) return new Map([[first.id, await countForContact(db, first, filter)]]);
  const { organizationId } = first;
  const [totals, unread] = await Promise.all([
    readTotals(db, organizationId, filter),
    readUnread(db, { organizationId, userIds: viewers.map(({ id }) => id) }, filter),
  ]);
  const shared = toCounts(totals, filter);
  return new Map(
    viewers.map(({ kind, id }) => {
      const mine = (kind === 'bot' ? totals.bots : totals.owners).get(id) ?? 0;
      return [id, { ...shared, mine, unread: unread.get(id) ?? 0 }];
    }),
  );
}

/** Canonical text of a filter: the order and repetition of values do not matter. */
export function toFilterKey(filter: CountsFilter): string {
  const parts = (['status', 'businessUnitId', 'channelId'] as const).flatMap((name) => {
    const values = filter[name];
    return values ? [`${name}=${[...new Set(values)].sort().join(',')}`] : [];
  });
  return parts.join('&') || 'all';
}

/**
 * Compacts count changes: adds the rows of ConversationCountChange to ConversationCount and deletes them, in one statement. Concurrent
 * runs skip each other's rows. Readers sum both tables, so counts are exact at any time. Returns the number of counts written.
 */
export function compactCounts(db: Db): Promise<number> {
  return db.feed.$executeRaw`
    WITH taken AS (
      DELETE FROM "ConversationCountChange" WHERE "id" = ANY (ARRAY(
        SELECT "id" FROM "ConversationCountChange" ORDER BY "id" LIMIT ${COMPACT_BATCH_SIZE} FOR UPDATE SKIP LOCKED))
      RETURNING *
    )
    INSERT INTO "ConversationCount" AS known
    SELECT "organizationId", "status", "ownerId", "botId", "businessUnitId", "channelId", sum("count")::integer
      FROM taken
     GROUP BY 1, 2, 3, 4, 5, 6
    HAVING sum("count") <> 0
     ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT ("organizationId", "status", "ownerId", "botId", "businessUnitId", "channelId")
    DO UPDATE SET "count" = known."count" + EXCLUDED."count"`;
}

async function readTotals(db: Db, organizationId: string, filter: CountsFilter): Promise<TeamTotals> {
  const where = Prisma.sql`"organizationId" = ${organizationId} ${conditionsOf(filter)}`;
  const columns = Prisma.sql`"status", "ownerId", "botId", "count"`;
  const rows = await db.reads.$queryRaw<Record<'status' | 'ownerId' | 'botId', string | null>[]>`
    SELECT "status", "ownerId", "botId", sum("count")::integer AS "count"
      FROM (SELECT ${columns} FROM "ConversationCount" WHERE ${where}
            UNION ALL
            SELECT ${columns} FROM "ConversationCountChange" WHERE ${where}) AS counted
     GROUP BY GROUPING SETS (("status"), ("ownerId"), ("botId"))
    HAVING sum("count") <> 0`;
  const by = (name: 'status' | 'ownerId' | 'botId') =>
    new Map(
      (rows as ((typeof rows)[number] & { count: number })[]).flatMap((row) => {
        const value = row[name];
        return value === null ? [] : [[value, row.count] as const];
      }),
    );
  return { statuses: by('status'), owners: by('ownerId'), bots: by('botId') };
}

async function readUnread(
  db: Db,
  { organizationId, userIds }: { organizationId: string; userIds: string[] },
  filter: CountsFilter,
): Promise<Map<string, number>> {
  const rows = await db.reads.$queryRaw<{ userId: string; count: number }[]>`
    SELECT m."userId", count(*)::integer AS "count"
      FROM "ConversationMember" m
      JOIN "Conversation" c ON c."organizationId" = m."organizationId" AND c."id" = m."conversationId"
     WHERE m."organizationId" = ${organizationId} AND m."userId" = ANY(${userIds}) AND m."isUnread"
       AND c."deletedAt" IS NULL ${conditionsOf(filter)}
     GROUP BY m."userId"`;
  return new Map(rows.map(({ userId, count }) => [userId, count]));
}

// These columns have the same names in ConversationCount, ConversationCountChange and Conversation.
function conditionsOf({ status, businessUnitId, channelId }: CountsFilter): Prisma.Sql {
  return Prisma.join(
    [
      Prisma.empty,
      ...(status ? [Prisma.sql`AND "status"::text = ANY(${[...status]})`] : []),
      ...(businessUnitId ? [Prisma.sql`AND "businessUnitId" = ANY(${[...businessUnitId]})`] : []),
      ...(channelId ? [Prisma.sql`AND "channelId" = ANY(${[...channelId]})`] : []),
    ],
    ' ',
  );
}

// A contact has few conversations, so they are counted without the count tables.
async function countForContact(db: Db, viewer: Viewer, filter: CountsFilter): Promise<ConversationCounts> {
  const rows = await db.reads.conversation.findMany({
    where: conversationsMatching(db.reads, viewer, filter),
    select: { status: true, ownerId: true, publicOutgoingCount: true, contactReadCount: true },
  });
  const statuses = new Map<string, number>();
  const owners = new Map<string, number>();
  for (const { status, ownerId } of rows) {
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    owners.set(ownerId ?? '', (owners.get(ownerId ?? '') ?? 0) + 1);
  }
  const counts = toCounts({ statuses, owners, bots: new Map() }, filter);
  return { ...counts, mine: rows.length, unread: rows.filter((row) => countUnreadByContact(row) > 0).length };
}

function toCounts({ statuses, owners }: TeamTotals, filter: CountsFilter) {
  const statusesOfFilter = filter.status ?? STATUSES;
  return {
    key: toFilterKey(filter),
    all: [...statuses.values()].reduce((sum, count) => sum + count, 0),
    unassigned: owners.get('') ?? 0,
    byStatus: STATUSES.filter((status) => statusesOfFilter.includes(status)).map((status) => ({
      status,
      count: statuses.get(status) ?? 0,
    })),
    byOwner: [...owners]
      .map(([ownerId, count]) => ({ ownerId: ownerId || null, count }))
      .sort(
        (one, other) => other.count - one.count || ((one.ownerId ?? '') < (other.ownerId ?? '') ? -1 : 1),
      ),
  };
}
