import type { SqlQuery } from '@prisma/driver-adapter-utils';

const MAX_NAMES = 500;
const UNNAMED = '';
const MAX_CANDIDATES = 5_000;
// Statements that need no plan. Unnamed and without parameters, they take one message instead of four.
const WITHOUT_PLAN = new Set(['BEGIN', 'COMMIT', 'ROLLBACK']);

/**
 * Names for prepared statements, so that PostgreSQL plans each once per connection instead of on every request. A connection keeps a
 * named statement as long as it lives, so there are at most 500 names: a text gets one when it comes the second time, and a text with
 * an IN list, of which there is one per length, gets none.
 */
export function createStatementNames() {
  const names = new Map<string, string>();
  const seenOnce = new Set<string>();

  return ({ sql }: SqlQuery): string => {
    const name = names.get(sql);
    if (name !== undefined) return name;
    if (names.size >= MAX_NAMES || WITHOUT_PLAN.has(sql) || sql.includes(' IN ($')) return UNNAMED;
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
