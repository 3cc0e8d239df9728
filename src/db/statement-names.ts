import type { SqlQuery } from '@prisma/driver-adapter-utils';

const MAX_NAMES = 500;
const UNNAMED = '';
const MAX_CANDIDATES = 5_000;
// There is nothing to plan: by its text alone such a statement is one message instead of four.
const PLAIN = new Set(['BEGIN', 'COMMIT', 'ROLLBACK']);

/**
 * Names for prepared statements: PostgreSQL then plans the inbox page once instead of on every request.
 * A connection keeps each named statement for good, so the names are bounded: a text gets one when it comes
 * the second time, and lists (one text for every length) get none.
 */
export function createStatementNames() {
  const names = new Map<string, string>();
  const seenOnce = new Set<string>();

  return ({ sql }: SqlQuery): string => {
    const name = names.get(sql);
    if (name !== undefined) return name;
    if (names.size >= MAX_NAMES || PLAIN.has(sql) || sql.includes(' IN ($')) return UNNAMED;
    if (!seenOnce.has(sql)) {
      if (seenOnce.size >= MAX_CANDIDATES) seenOnce.clear();
      seenOnce.add(sql);
      return UNNAMED;
    }
    seenOnce.delete(sql);
    const fresh = `parley_${names.size + 1}`;
    names.set(sql, fresh);
    return fresh;
  };
}
