import type { Writable } from 'node:stream';
import type pg from 'pg';
import { Prisma } from './generated/prisma/client.ts';
import { withMethods } from './with-methods.ts';

const MARK = '/* with the next */';

/**
 * At the head of a statement, in a transaction, whose outcome is not waited for: it goes to the server in one piece with the
 * statement that comes next, at the latest with COMMIT. When it fails, that one does, with its error.
 */
export const WITH_NEXT = Prisma.raw(MARK);

// Of a statement nothing is known yet.
const HELD = { command: '', oid: 0, fields: [], rows: [], rowCount: 0 };

/** What a client of `pg` that was made with `pipeline: true` is beside what its types say. */
type Client = pg.PoolClient & { connection: { stream: Writable } };

/**
 * The pool, for transactions that spare themselves trips to the server: BEGIN, too, goes with the next statement. For Prisma a
 * transaction of one statement is three trips otherwise, each as dear as the statement.
 */
export function withJoinedStatements(pool: pg.Pool): pg.Pool {
  const connect = async () => holdStatements((await pool.connect()) as Client);
  return withMethods(pool, { connect: connect as pg.Pool['connect'] });
}

function holdStatements(client: Client): pg.PoolClient {
  let held: pg.QueryConfig[] = [];

  async function query(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    if (statement.text === 'BEGIN' || statement.text.startsWith(MARK)) {
      held.push(statement);
      return HELD;
    }
    const ahead = held;
    held = [];
    const isLast = statement.text === 'COMMIT' || statement.text === 'ROLLBACK';
    const isUnheardOf = ahead[0]?.text === 'BEGIN' && (ahead.length === 1 || statement.text === 'ROLLBACK');
    if (isLast && isUnheardOf) return HELD;
    if (ahead.length === 0 || statement.text === 'ROLLBACK') return client.query(statement);
    return send(client, [...ahead, statement]);
  }

  return withMethods<pg.PoolClient>(client, { query: query as pg.PoolClient['query'] });
}

/** Sends them in one piece; gives the outcome of the last, or the error of the first that failed. */
async function send(client: Client, statements: pg.QueryConfig[]): Promise<pg.QueryResult> {
  const { stream } = client.connection;
  stream.cork();
  const sent = statements.map((statement) => client.query(statement));
  stream.uncork();
  const outcomes = await Promise.allSettled(sent);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return sent.at(-1) as Promise<pg.QueryResult>;
}
