import pg from 'pg';
import { ResultTooLargeError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { overrideMethods } from './override-methods.ts';

// Types json and jsonb.
const JSON_OIDS = new Set([114, 3802]);
// Parsing a value of JSON takes as long as parsing this much text.
const JSON_VALUE_BYTES = 128;

type Query = (config: pg.QueryConfig) => Promise<pg.QueryResult>;

/**
 * The pool with a limit for the bytes of one result. Rows beyond it are dropped as they arrive, and the statement fails with
 * ResultTooLargeError: a page of long texts, or of JSON with many values, would otherwise be parsed at once, while everybody waits.
 * Transactions have no limit.
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
      const isJson = JSON_OIDS.has(oid);
      return (value: string) => {
        bytes += value.length + (isJson ? JSON_VALUE_BYTES * countValues(value) : 0);
        if (bytes > maxBytes) throw new ResultTooLargeError();
        return parse(value);
      };
    },
  } as pg.CustomTypesConfig;
}

/** Number of values in a JSON text: one, and one after each comma that is not in a text. */
function countValues(json: string): number {
  let values = 1;
  let isInText = false;
  for (let index = 0; index < json.length; index++) {
    switch (json[index]) {
      case '"':
        isInText = !isInText;
        break;
      case '\\':
        // The next character is escaped.
        index += 1;
        break;
      case ',':
        if (!isInText) values += 1;
    }
  }
  return values;
}
