import { BadArgumentError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';

/** Search terms of a text: its different words, split at whitespace. */
export function toSearchTerms(text: string | null | undefined): string[] {
  return [...new Set((text ?? '').split(/\s+/).filter((word) => word !== ''))];
}

/** Throws BadArgumentError for a text with too many characters or words: the database looks for each word in every text. */
export function requireSearchText(argument: string, text: string | null | undefined) {
  if ((text?.length ?? 0) > LIMITS.filterText) {
    throw new BadArgumentError(argument, `is longer than ${LIMITS.filterText} characters.`);
  }
  const { length } = toSearchTerms(text);
  if (length > LIMITS.filterWords) {
    throw new BadArgumentError(
      argument,
      `has ${length} words; at most ${LIMITS.filterWords} are allowed. Search for the rarest of them.`,
    );
  }
}

/** Prisma condition: the column contains the term, ignoring case. `%` and `_` are literal. */
export function toContains(term: string) {
  return { contains: escapeLike(term), mode: 'insensitive' } as const;
}

/** The condition of toContains as a pattern for ILIKE. */
export function toLikePattern(term: string): string {
  return `%${escapeLike(term)}%`;
}

function escapeLike(term: string): string {
  return term.replace(/[\\%_]/g, '\\$&');
}
