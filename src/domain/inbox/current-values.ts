import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import type { Db } from '../../db/client.ts';
import { Prisma } from '../../db/generated/prisma/client.ts';
import type { LogEvent } from '../../feed/event.ts';
import {
  type MatchableRow,
  type MatchableState,
  matchableColumns,
  toMatchableState,
} from './conversation-history.ts';
import { CONTACT_FIELDS, matchedPatternsSql } from './filter-text.ts';

// Of events that several views are asked about at the same time.
const LOADERS_MAX = 1_000;
// So many conversations of one contact are looked at for an event.
const MAX_CONVERSATIONS_OF_CONTACT = 500;

/** A conversation as it stands now, with what filters look at and no event tells. */
export interface CurrentValues {
  id: string;
  state: MatchableState;
  updatedAt: Date;
  /** Whether its contact has not read something. */
  isUnreadToContact: boolean;
  /** Of the users asked for, those whom its notes mention. */
  mentioned: string[];
  /** Of the patterns asked for, those that are found in it. */
  found: string[];
  /** The same in what its contact sees of it. */
  publicFound: string[];
  /** Of all patterns asked for, those that an event of a contact brought into a field of theirs, or took out of it. */
  moved: string[];
}

/** What a view wants to know. Words are asked for as patterns of ILIKE. */
export interface CurrentValuesQuery {
  patterns: readonly string[];
  publicPatterns: readonly string[];
  mentions: readonly string[];
}

export type CurrentValuesLoader = ReturnType<typeof createCurrentValuesLoader>;

/** The facts behind an event, read in one statement for all the views of this node that ask at the same time. */
export function createCurrentValuesLoader(db: Db) {
  const loaders = new LRUCache<string, DataLoader<CurrentValuesQuery, CurrentValues[]>>({ max: LOADERS_MAX });

  /** Asks about the conversation of an event, or about all of its contact. */
  function load(event: LogEvent, question: CurrentValuesQuery): Promise<CurrentValues[]> {
    const loader =
      loaders.get(event.id) ??
      new DataLoader(
        async (questions: readonly CurrentValuesQuery[]) => {
          const facts = await readCurrentValues(db, event, mergeQueries(questions));
          return questions.map(() => facts);
        },
        // Who asks later is not told what stood earlier.
        { cache: false, maxBatchSize: Number.POSITIVE_INFINITY },
      );
    loaders.set(event.id, loader);
    return loader.load(question);
  }

  return {
    /** Of the conversation that the event is about. */
    async ofConversation(event: LogEvent, question: CurrentValuesQuery): Promise<CurrentValues | null> {
      const [facts] = await load(event, question);
      return facts ?? null;
    },
    /** Of the conversations of the contact that the event is about, and whether these are all. */
    async ofContact(event: LogEvent, question: CurrentValuesQuery) {
      const known = await load(event, question);
      return { known, areAll: known.length < MAX_CONVERSATIONS_OF_CONTACT };
    },
  };
}

function mergeQueries(questions: readonly CurrentValuesQuery[]): CurrentValuesQuery {
  const all = (name: keyof CurrentValuesQuery) => [
    ...new Set(questions.flatMap((question) => question[name])),
  ];
  return { patterns: all('patterns'), publicPatterns: all('publicPatterns'), mentions: all('mentions') };
}

async function readCurrentValues(
  db: Db,
  { organizationId, conversationId, contactId, changes }: LogEvent,
  { patterns, publicPatterns, mentions }: CurrentValuesQuery,
): Promise<CurrentValues[]> {
  const which =
    conversationId === null
      ? Prisma.sql`c."contactId" = ${contactId}`
      : Prisma.sql`c."id" = ${conversationId}`;
  const inContact = changes.filter(({ field }) => CONTACT_FIELDS.some((one) => one === field));
  const rows = await db.reads.$queryRaw<(MatchableRow & Omit<CurrentValues, 'state'>)[]>`
    SELECT c."id", ${matchableColumns(Prisma.sql`c."lastSeq"`)},
           c."updatedAt", c."publicOutgoingCount" > c."contactReadCount" AS "isUnreadToContact",
           ARRAY(SELECT DISTINCT t."userId"
                   FROM "Mention" t
                   JOIN "Message" m ON m."organizationId" = t."organizationId" AND m."id" = t."messageId"
                  WHERE m."organizationId" = c."organizationId" AND m."conversationId" = c."id"
                    AND t."userId" = ANY(${mentions}::text[])) AS "mentioned",
           ${matchedPatternsSql(patterns, { isPublic: false })} AS "found",
           ${matchedPatternsSql(publicPatterns, { isPublic: true })} AS "publicFound",
           ARRAY(SELECT pattern
                   FROM unnest(${[...patterns, ...publicPatterns]}::text[]) AS pattern
                  WHERE EXISTS (SELECT 1 FROM jsonb_array_elements(${JSON.stringify(inContact)}::jsonb) AS change
                                 WHERE (COALESCE(change->>'before', '') ILIKE pattern)
                                    <> (COALESCE(change->>'after', '') ILIKE pattern))) AS "moved"
      FROM "Conversation" c
      JOIN "Channel" h ON h."organizationId" = c."organizationId" AND h."id" = c."channelId"
      JOIN "Contact" p ON p."organizationId" = c."organizationId" AND p."id" = c."contactId"
     WHERE c."organizationId" = ${organizationId} AND ${which}
     ORDER BY c."lastInteractedAt" DESC
     LIMIT ${MAX_CONVERSATIONS_OF_CONTACT}`;
  return rows.map(({ id, updatedAt, isUnreadToContact, mentioned, found, publicFound, moved, ...row }) => ({
    ...{ id, updatedAt, isUnreadToContact, mentioned, found, publicFound, moved },
    state: toMatchableState(row),
  }));
}
