import pg from 'pg';
import { ResultTooLargeError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { overrideMethods } from './override-methods.ts';

type Query = (config: pg.QueryConfig) => Promise<pg.QueryResult>;

/**
 * The pool with a limit for the bytes of one result. Rows beyond it are dropped as they arrive, and the statement fails with
 * ResultTooLargeError: a page of long texts would otherwise be parsed at once, while everybody waits. Transactions have no limit.
 */
export function withResultLimit(pool: pg.Pool, maxBytes: number = LIMITS.resultBytes): pg.Pool {
  const query: Query = (config) => pool.query({ ...config, types: countBytes(config.types, maxBytes) });
  return overrideMethods<pg.Pool>(pool, { query: query as pg.Pool['query'] });
}

/** The parsers of a statement, which count the bytes that they are given. When one throws, `pg` drops the rows that follow. */
function countBytes(types: pg.CustomTypesConfig = pg.types, maxBytes: number): pg.CustomTypesConfig {
  let bytes = 0;
  return {
    getTypeParser(oid: number, format?: 'text' | 'binary') {
      const parse = types.getTypeParser(oid, format);
      return (value: string) => {
        bytes += value.length;
        if (bytes > maxBytes) throw new ResultTooLargeError();
        return parse(value);
      };
    },
  } as pg.CustomTypesConfig;
}
