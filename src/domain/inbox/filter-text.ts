import { Prisma } from '../../db/generated/prisma/client.ts';
import { messagesWithin } from '../core/access.ts';
import { toContains } from '../core/text-search.ts';
import type { ReadScope } from '../core/viewer.ts';

// Searched text of a conversation: its name, its contact's name and email, and its messages that were not deleted. Written twice: as a
// Prisma condition for queries, and as an SQL column for live lists.

/** Searched fields of the contact. */
export const CONTACT_FIELDS = ['name', 'email'] as const;

/** Condition: the conversation's text contains the search term. A contact does not find team notes. */
export function matchesText(scope: ReadScope, term: string): Prisma.ConversationWhereInput {
  const contains = toContains(term);
  return {
    OR: [
      { name: contains },
      { contact: { OR: CONTACT_FIELDS.map((field) => ({ [field]: contains })) } },
      { messages: { some: { ...messagesWithin(scope), deletedAt: null, content: contains } } },
    ],
  };
}

/** SQL array of the ILIKE patterns that match a conversation "c" with a contact "p". `isPublic`: without team notes. */
export function matchedPatternsSql(
  patterns: readonly string[],
  { isPublic }: { isPublic: boolean },
): Prisma.Sql {
  const inContact = CONTACT_FIELDS.map((field) => Prisma.raw(`p."${field}" ILIKE pattern`));
  return Prisma.sql`
    ARRAY(SELECT pattern
            FROM unnest(${patterns}::text[]) AS pattern
           WHERE c."name" ILIKE pattern OR ${Prisma.join(inContact, ' OR ')}
              OR EXISTS (SELECT 1 FROM "Message" m
                          WHERE m."organizationId" = c."organizationId" AND m."conversationId" = c."id"
                            ${isPublic ? Prisma.sql`AND m."publicSeq" IS NOT NULL` : Prisma.empty}
                            AND m."deletedAt" IS NULL AND m."content" ILIKE pattern))`;
}
