/** Search terms of a text: its words, split at whitespace. */
export function toSearchTerms(text: string | null | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
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
