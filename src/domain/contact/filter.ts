import type { Prisma } from '../../db/generated/prisma/client.ts';
import { BadArgumentError } from '../../errors.ts';
import { LIMITS } from '../core/limits.ts';
import { containing, wordsOf } from '../core/text-search.ts';

/** Contacts in whose keys, name or company all the words occur. */
export function contactsHolding(text: string | null | undefined): Prisma.ContactWhereInput {
  if ((text?.length ?? 0) > LIMITS.filterText) {
    throw new BadArgumentError('query', `is longer than ${LIMITS.filterText} characters.`);
  }
  return {
    AND: wordsOf(text).map((word) => {
      const contains = containing(word);
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
