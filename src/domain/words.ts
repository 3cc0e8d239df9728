/** The words of what somebody looks for. */
export function wordsOf(text: string | null | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

/** The condition that a text holds the word, in any case; % and _ mean themselves. */
export function containing(word: string) {
  return { contains: word.replace(/[\\%_]/g, '\\$&'), mode: 'insensitive' } as const;
}
