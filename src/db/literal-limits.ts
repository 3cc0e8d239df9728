import type { SqlDriverAdapterFactory, SqlQuery } from '@prisma/driver-adapter-utils';
import { LRUCache } from 'lru-cache';

// Characters of all statements in the cache, each with its written text.
const MAX_CHARACTERS = 8 * 1_048_576;

/**
 * The adapter with the values of LIMIT written into the statements. Prisma sends them as parameters. A generic plan for any limit costs
 * so much more than one for 21 rows that PostgreSQL would plan a prepared statement again on every request, which takes longer
 * than running it. The number of texts grows by the number of page sizes, which is small.
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

/** A parsed statement text. */
interface StatementText {
  /** Numbers of the parameters that are limits. */
  limits: number[];
  /** The last text that was written, and the limits in it. */
  written?: { values: string; sql: string };
}

export function createLimitWriter(maxCharacters = MAX_CHARACTERS) {
  const texts = new LRUCache<string, StatementText>({ maxSize: maxCharacters });

  function textOf(sql: string): StatementText {
    const known = texts.get(sql);
    if (known) return known;
    const limits = [...sql.matchAll(/\bLIMIT \$(\d+)/g)].map(([, digits]) => Number(digits));
    const text = { limits };
    texts.set(sql, text, { size: 2 * sql.length });
    return text;
  }

  return function writeLimits(query: SqlQuery): SqlQuery {
    const text = textOf(query.sql);
    const numbers = text.limits.filter((number) => /^\d+$/.test(String(query.args[number - 1])));
    if (numbers.length === 0) return query;
    const limits = new Set(numbers);
    const values = numbers.map((number) => `${number}=${query.args[number - 1]}`).join();
    if (text.written?.values !== values) text.written = { values, sql: write(query, limits) };
    const remains = (_: unknown, index: number) => !limits.has(index + 1);
    return {
      sql: text.written.sql,
      args: query.args.filter(remains),
      argTypes: query.argTypes.filter(remains),
    };
  };
}

// Renumbers the other parameters: PostgreSQL wants them to count from 1 without a gap.
function write({ sql, args }: SqlQuery, limits: ReadonlySet<number>): string {
  let number = 0;
  const replacements = args.map((arg, index) => (limits.has(index + 1) ? String(arg) : `$${++number}`));
  return sql.replace(/\$(\d+)/g, (whole, digits) => replacements[Number(digits) - 1] ?? whole);
}
