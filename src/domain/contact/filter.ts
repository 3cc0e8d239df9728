import type { Prisma } from '../../db/generated/prisma/client.ts';
import { BadArgumentError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { toContains, toSearchTerms } from '../core/text-search.ts';

/** Condition for contacts that contain every search term in a key, the name or the company. Throws BadArgumentError for a text that is too long. */
export function contactsMatching(text: string | null | undefined): Prisma.ContactWhereInput {
  if ((text?.length ?? 0) > LIMITS.filterText) {
    throw new BadArgumentError('query', `is longer than ${LIMITS.filterText} characters.`);
  }
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
