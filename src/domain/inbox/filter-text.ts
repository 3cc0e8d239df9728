import { Prisma } from '../../db/generated/prisma/client.ts';
import { messagesWithin } from '../core/access.ts';
import { toContains } from '../core/text-search.ts';
import type { ReadScope } from '../core/viewer.ts';

// Where words are looked for: in the name, in the contact, and in what is written and not deleted. Said twice, as a condition of a
// list, and as a column of what is at hand.

/** Fields of its contact. */
export const CONTACT_FIELDS = ['name', 'email'] as const;

/** Conversations that hold the word. */
export function matchesText(scope: ReadScope, word: string): Prisma.ConversationWhereInput {
  const contains = toContains(word);
  return {
    OR: [
      { name: contains },
      { contact: { OR: CONTACT_FIELDS.map((field) => ({ [field]: contains })) } },
      { messages: { some: { ...messagesWithin(scope), deletedAt: null, content: contains } } },
    ],
  };
}

/** Of patterns of ILIKE, those that a conversation "c" with a contact "p" holds; `isPublic`: in what the contact sees. */
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
