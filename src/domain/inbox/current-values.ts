import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import type { Db } from '../../db/client.ts';
import { Prisma } from '../../db/generated/prisma/client.ts';
import { createOrganizationShares } from '../../db/organization-share.ts';
import type { LogEvent } from '../../feed/event.ts';
import { UNREAD_BY_CONTACT } from '../core/unread.ts';
import {
  type MatchableRow,
  type MatchableState,
  matchableColumns,
  toMatchableState,
} from './conversation-history.ts';
import { CONTACT_FIELDS, matchedPatternsSql } from './filter-text.ts';

// Number of recent events with a loader, times the sides.
const LOADERS_MAX = 2_000;
// Conversations that are checked for an event of their contact. A contact with more gets `isComplete: false`.
const MAX_CONVERSATIONS_OF_CONTACT = 500;

/** A conversation's current values of the conditions that events do not carry: text, mentions, updatedAfter, a contact's unread. */
export interface CurrentValues {
  id: string;
  state: MatchableState;
  updatedAt: Date;
  /** Whether the contact has unread messages of the team. */
  isUnreadToContact: boolean;
  /** The queried users that the conversation's messages mention. */
  mentionedUserIds: string[];
  /** The queried patterns that match what this side sees of the conversation. */
  matchedPatterns: string[];
  /** The queried patterns that began or ceased to match a searched field of the contact in this event. */
  changedPatterns: string[];
}

/** The values that a live list needs. */
export interface CurrentValuesQuery {
  side: 'team' | 'contact';
  /** Search terms as ILIKE patterns. */
  patterns: readonly string[];
  mentionedUserIds: readonly string[];
}

export type CurrentValuesLoader = ReturnType<typeof createCurrentValuesLoader>;

/**
 * Loads current values after an event, in one statement for all live lists of a side on this node that ask in the same tick. A side, because
 * a contact who searches for many words in long messages must not delay the team.
 */
export function createCurrentValuesLoader(db: Db) {
  // One after the other: they must not take all connections of their organization.
  const runForContacts = createOrganizationShares({ max: 1 });
  const loaders = new LRUCache<string, DataLoader<CurrentValuesQuery, CurrentValues[]>>({ max: LOADERS_MAX });

  function load(event: LogEvent, query: CurrentValuesQuery): Promise<CurrentValues[]> {
    const key = `${event.id} ${query.side}`;
    const loader =
      loaders.get(key) ??
      new DataLoader(
        async (queries: readonly CurrentValuesQuery[]) => {
          const read = () => readCurrentValues(db, event, mergeQueries(query.side, queries));
          const values = await (query.side === 'team' ? read() : runForContacts(event.organizationId, read));
          return queries.map(() => values);
        },
        // Only coalesces queries of one tick: a later query must read newer values.
        { cache: false, maxBatchSize: Number.POSITIVE_INFINITY },
      );
    loaders.set(key, loader);
    return loader.load(query);
  }

  return {
    /** Values of the event's conversation; null when it does not exist. */
    async loadForConversation(event: LogEvent, query: CurrentValuesQuery): Promise<CurrentValues | null> {
      const [values] = await load(event, query);
      return values ?? null;
    },
    /** Values of the contact's conversations, for an event about a contact. `isComplete`: no conversation is left out. */
    async loadForContact(event: LogEvent, query: CurrentValuesQuery) {
      const values = await load(event, query);
      return { values, isComplete: values.length < MAX_CONVERSATIONS_OF_CONTACT };
    },
  };
}

function mergeQueries(
  side: CurrentValuesQuery['side'],
  queries: readonly CurrentValuesQuery[],
): CurrentValuesQuery {
  const all = (name: 'patterns' | 'mentionedUserIds') => [
    ...new Set(queries.flatMap((query) => query[name])),
  ];
  return { side, patterns: all('patterns'), mentionedUserIds: all('mentionedUserIds') };
}

async function readCurrentValues(
  db: Db,
  { organizationId, conversationId, contactId, changes }: LogEvent,
  { side, patterns, mentionedUserIds }: CurrentValuesQuery,
): Promise<CurrentValues[]> {
  const condition =
    conversationId === null
      ? Prisma.sql`c."contactId" = ${contactId}`
      : Prisma.sql`c."id" = ${conversationId}`;
  const searchedChanges = changes.filter(({ field }) => CONTACT_FIELDS.some((one) => one === field));
  const rows = await db.reads.$queryRaw<(MatchableRow & Omit<CurrentValues, 'state'>)[]>`
    SELECT c."id", ${matchableColumns(Prisma.sql`c."lastSeq"`)},
           c."updatedAt", ${UNREAD_BY_CONTACT} AS "isUnreadToContact",
           ARRAY(SELECT DISTINCT t."userId"
                   FROM "Mention" t
                   JOIN "Message" m ON m."organizationId" = t."organizationId" AND m."id" = t."messageId"
                  WHERE m."organizationId" = c."organizationId" AND m."conversationId" = c."id"
                    AND t."userId" = ANY(${mentionedUserIds}::text[])) AS "mentionedUserIds",
           ${matchedPatternsSql(patterns, { isPublic: side === 'contact' })} AS "matchedPatterns",
           ARRAY(SELECT pattern
                   FROM unnest(${patterns}::text[]) AS pattern
                  WHERE EXISTS (SELECT 1 FROM jsonb_array_elements(${JSON.stringify(searchedChanges)}::jsonb) AS change
                                 WHERE (COALESCE(change->>'before', '') ILIKE pattern)
                                    <> (COALESCE(change->>'after', '') ILIKE pattern))) AS "changedPatterns"
      FROM "Conversation" c
      JOIN "Channel" h ON h."organizationId" = c."organizationId" AND h."id" = c."channelId"
      JOIN "Contact" p ON p."organizationId" = c."organizationId" AND p."id" = c."contactId"
     WHERE c."organizationId" = ${organizationId} AND ${condition}
     ORDER BY c."lastInteractedAt" DESC
     LIMIT ${MAX_CONVERSATIONS_OF_CONTACT}`;
  return rows.map(
    ({
      id,
      updatedAt,
      isUnreadToContact,
      mentionedUserIds: mentioned,
      matchedPatterns,
      changedPatterns,
      ...row
    }) => ({
      ...{ id, updatedAt, isUnreadToContact, mentionedUserIds: mentioned },
      ...{ matchedPatterns, changedPatterns },
      state: toMatchableState(row),
    }),
  );
}
