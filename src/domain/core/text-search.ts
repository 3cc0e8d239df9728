/** The words of what somebody looks for. */
export function toSearchTerms(text: string | null | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

/** The condition that a text holds the word, in any case; % and _ mean themselves. */
export function toContains(word: string) {
  return { contains: literal(word), mode: 'insensitive' } as const;
}

/** The same as a pattern of ILIKE. */
export function toLikePattern(word: string): string {
  return `%${literal(word)}%`;
}

function literal(word: string): string {
  return word.replace(/[\\%_]/g, '\\$&');
}
