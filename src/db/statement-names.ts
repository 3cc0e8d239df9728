import type { SqlQuery } from '@prisma/driver-adapter-utils';
import { LRUCache } from 'lru-cache';

const MAX_NAMES = 500;
// Characters of all named texts. A statement is as long as the selection of the client that made it.
const MAX_CHARACTERS = 2 * 1_048_576;
const UNNAMED = '';
// Statements that need no plan. Unnamed and without parameters, they take one message instead of four.
const WITHOUT_PLAN = new Set(['BEGIN', 'COMMIT', 'ROLLBACK']);

/**
 * Names for prepared statements, so that PostgreSQL plans each once per connection instead of on every request. A connection keeps a
 * named statement as long as it lives, so there are at most 500 names: a text gets one when it comes the second time, and a text with
 * an IN list, of which there is one per length, gets none. Both named texts and those that came once have a bound in characters.
 */
export function createStatementNames(maxCharacters = MAX_CHARACTERS) {
  const names = new Map<string, string>();
  const seenOnce = new LRUCache<string, true>({ maxSize: maxCharacters });
  let characters = 0;

  return ({ sql }: SqlQuery): string => {
    const name = names.get(sql);
    if (name !== undefined) return name;
    const isFull = names.size >= MAX_NAMES || characters + sql.length > maxCharacters;
    if (isFull || WITHOUT_PLAN.has(sql) || sql.includes(' IN ($')) return UNNAMED;
    if (!seenOnce.has(sql)) {
      seenOnce.set(sql, true, { size: sql.length });
      return UNNAMED;
    }
    seenOnce.delete(sql);
    const fresh = `parley_${names.size + 1}`;
    names.set(sql, fresh);
    characters += sql.length;
    return fresh;
  };
}
