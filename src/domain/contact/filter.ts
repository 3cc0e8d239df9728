import type { Prisma } from '../../db/generated/prisma/client.ts';
import { requireSearchText, toContains, toSearchTerms } from '../core/text-search.ts';

/** Condition for contacts that contain every search term in a key, the name or the company. Throws BadArgumentError for a text with too many characters or words. */
export function contactsMatching(text: string | null | undefined): Prisma.ContactWhereInput {
  requireSearchText('query', text);
  return {
    AND: toSearchTerms(text).map((word) => {
      const contains = toContains(word);
      return {
        OR: [
          { name: contains },
          { email: contains },
          { phoneNumber: contains },
          { identifier: contains },
          { company: contains },
        ],
      };
    }),
  };
}
