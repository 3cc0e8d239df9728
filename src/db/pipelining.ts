import type { Writable } from 'node:stream';
import type pg from 'pg';
import { Prisma } from './generated/prisma/client.ts';
import { overrideMethods } from './override-methods.ts';

const DEFERRED_MARK = '/* with the next */';

/**
 * At the head of a statement, in a transaction, whose outcome is not waited for: it goes to the server in one piece with the
 * statement that comes next, at the latest with COMMIT. When it fails, that one does, with its error.
 */
export const WITH_NEXT = Prisma.raw(DEFERRED_MARK);

// Of a statement nothing is known yet.
const EMPTY_RESULT = { command: '', oid: 0, fields: [], rows: [], rowCount: 0 };

/** What a client of `pg` that was made with `pipeline: true` is beside what its types say. */
type PipelinedClient = pg.PoolClient & { connection: { stream: Writable } };

/**
 * The pool, for transactions that spare themselves trips to the server: BEGIN, too, goes with the next statement. For Prisma a
 * transaction of one statement is three trips otherwise, each as dear as the statement.
 */
export function withPipelining(pool: pg.Pool): pg.Pool {
  const connect = async () => pipelineStatements((await pool.connect()) as PipelinedClient);
  return overrideMethods(pool, { connect: connect as pg.Pool['connect'] });
}

function pipelineStatements(client: PipelinedClient): pg.PoolClient {
  let deferredStatements: pg.QueryConfig[] = [];
  let hasEnded = false;

  async function query(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    // Prisma goes on with a write of several statements after it has rolled back for its time being up. Behind that they would
    // be made for themselves, or in the transaction of whoever has the connection next.
    if (hasEnded) throw new TransactionEndedError();
    if (statement.text === 'BEGIN' || statement.text.startsWith(DEFERRED_MARK)) {
      deferredStatements.push(statement);
      return EMPTY_RESULT;
    }
    const ahead = deferredStatements;
    deferredStatements = [];
    const isLast = statement.text === 'COMMIT' || statement.text === 'ROLLBACK';
    hasEnded = isLast;
    const neverSent = ahead[0]?.text === 'BEGIN' && (ahead.length === 1 || statement.text === 'ROLLBACK');
    if (isLast && neverSent) return EMPTY_RESULT;
    const outcome = await send(client, statement.text === 'ROLLBACK' ? [statement] : [...ahead, statement]);
    // What had failed before, and nobody minded, is rolled back, and COMMIT is answered without an error.
    if (statement.text === 'COMMIT' && outcome.command === 'ROLLBACK') {
      throw new Error('a statement of the transaction had failed, and COMMIT rolled it back');
    }
    return outcome;
  }

  return overrideMethods<pg.PoolClient>(client, { query: query as pg.PoolClient['query'] });
}

class TransactionEndedError extends Error {
  override readonly name = 'TransactionEndedError';
  /** What Prisma says of a transaction whose time is up. */
  readonly code = 'P2028';

  constructor() {
    super('the transaction is over');
  }
}

/** Sends them in one piece; gives the outcome of the last, or the error of the first that failed. */
async function send(client: PipelinedClient, statements: pg.QueryConfig[]): Promise<pg.QueryResult> {
  const { stream } = client.connection;
  stream.cork();
  const sent = statements.map((statement) => client.query(statement));
  stream.uncork();
  const outcomes = await Promise.allSettled(sent);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return sent.at(-1) as Promise<pg.QueryResult>;
}
