import type { SqlDriverAdapterFactory, SqlQuery } from '@prisma/driver-adapter-utils';

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
      adapter.queryRaw = (query) => queryRaw(writeLimits(query));
      return adapter;
    },
  };
}

export function writeLimits(query: SqlQuery): SqlQuery {
  const limits = new Map<number, string>();
  for (const [, digits] of query.sql.matchAll(/\bLIMIT \$(\d+)/g)) {
    const value = String(query.args[Number(digits) - 1]);
    if (/^\d+$/.test(value)) limits.set(Number(digits), value);
  }
  if (limits.size === 0) return query;

  // The other parameters move up: PostgreSQL wants them to count from 1 without a hole.
  const kept = query.args.map((_, index) => index).filter((index) => !limits.has(index + 1));
  const numbers = new Map(kept.map((index, place) => [index + 1, place + 1]));
  return {
    sql: query.sql.replace(/\$(\d+)/g, (whole, digits) => {
      const number = Number(digits);
      return limits.get(number) ?? (numbers.has(number) ? `$${numbers.get(number)}` : whole);
    }),
    args: kept.map((index) => query.args[index]),
    argTypes: kept.map((index) => query.argTypes[index]) as SqlQuery['argTypes'],
  };
}
