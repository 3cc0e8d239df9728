import type { SqlDriverAdapterFactory, SqlQuery } from '@prisma/driver-adapter-utils';
import { LRUCache } from 'lru-cache';

const CACHE_MAX = 1_000;

/**
 * Writes the values of LIMIT into the statement. Prisma gives them as parameters, and a plan for any limit at all is so much dearer
 * than one for 21 rows that PostgreSQL, for a prepared statement too, plans anew on every request: that takes longer than
 * running it. There are as many texts as page sizes, which is few.
 */
export function withLiteralLimits(factory: SqlDriverAdapterFactory): SqlDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = await factory.connect();
      const queryRaw = adapter.queryRaw.bind(adapter);
      const writeLimits = createLimitWriter();
      adapter.queryRaw = (query) => queryRaw(writeLimits(query));
      return adapter;
    },
  };
}

/** A statement's text, taken apart once. */
interface StatementText {
  /** The numbers of the parameters that are limits. */
  limits: number[];
  /** What it was with the same limits when it came last. */
  written?: { values: string; sql: string };
}

export function createLimitWriter() {
  const texts = new LRUCache<string, StatementText>({ max: CACHE_MAX });

  function textOf(sql: string): StatementText {
    const known = texts.get(sql);
    if (known) return known;
    const limits = [...sql.matchAll(/\bLIMIT \$(\d+)/g)].map(([, digits]) => Number(digits));
    const text = { limits };
    texts.set(sql, text);
    return text;
  }

  return function writeLimits(query: SqlQuery): SqlQuery {
    const text = textOf(query.sql);
    const numbers = text.limits.filter((number) => /^\d+$/.test(String(query.args[number - 1])));
    if (numbers.length === 0) return query;
    const limits = new Set(numbers);
    const values = numbers.map((number) => `${number}=${query.args[number - 1]}`).join();
    if (text.written?.values !== values) text.written = { values, sql: write(query, limits) };
    const isKept = (_: unknown, index: number) => !limits.has(index + 1);
    return {
      sql: text.written.sql,
      args: query.args.filter(isKept),
      argTypes: query.argTypes.filter(isKept),
    };
  };
}

// The other parameters move up: PostgreSQL wants them to count from 1 without a hole.
function write({ sql, args }: SqlQuery, limits: ReadonlySet<number>): string {
  let place = 0;
  const places = args.map((arg, index) => (limits.has(index + 1) ? String(arg) : `$${++place}`));
  return sql.replace(/\$(\d+)/g, (whole, digits) => places[Number(digits) - 1] ?? whole);
}
