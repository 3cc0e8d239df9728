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
  let isOver = false;

  async function query(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    // Prisma goes on with a write of several statements after it has rolled back for its time being up. Behind that they would
    // be made for themselves, or in the transaction of whoever has the connection next.
    if (isOver) throw new OverError();
    if (statement.text === 'BEGIN' || statement.text.startsWith(MARK)) {
      held.push(statement);
      return HELD;
    }
    const ahead = held;
    held = [];
    const isLast = statement.text === 'COMMIT' || statement.text === 'ROLLBACK';
    isOver = isLast;
    const isUnheardOf = ahead[0]?.text === 'BEGIN' && (ahead.length === 1 || statement.text === 'ROLLBACK');
    if (isLast && isUnheardOf) return HELD;
    const outcome = await send(client, statement.text === 'ROLLBACK' ? [statement] : [...ahead, statement]);
    // What had failed before, and nobody minded, is rolled back, and COMMIT is answered without an error.
    if (statement.text === 'COMMIT' && outcome.command === 'ROLLBACK') {
      throw new Error('a statement of the transaction had failed, and COMMIT rolled it back');
    }
    return outcome;
  }

  return withMethods<pg.PoolClient>(client, { query: query as pg.PoolClient['query'] });
}

class OverError extends Error {
  override readonly name = 'OverError';
  /** What Prisma says of a transaction whose time is up. */
  readonly code = 'P2028';

  constructor() {
    super('the transaction is over');
  }
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
