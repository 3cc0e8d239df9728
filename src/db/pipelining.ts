import type { Writable } from 'node:stream';
import type pg from 'pg';
import { isBrokenConnection, NoConnectionError } from './failure.ts';
import { overrideMethods } from './override-methods.ts';

/** First text of a statement that is deferred; a comment, so that PostgreSQL ignores it. Used through `deferred` alone. */
export const DEFERRED_MARK = '/* deferred */';

// Placeholder result of a statement that was not sent yet.
const EMPTY_RESULT = { command: '', oid: 0, fields: [], rows: [], rowCount: 0 };

/** A client of `pg` in its pipeline mode, with the property that its types leave out. */
type PipelinedClient = pg.PoolClient & { connection: { stream: Writable } };

/**
 * The pool with fewer round trips per transaction: BEGIN is sent together with the first statement, and a deferred statement together
 * with the next one. Prisma alone would need three round trips for a transaction of one statement.
 */
export function withPipelining(pool: pg.Pool): pg.Pool {
  const connect = async () => pipelineStatements((await pool.connect()) as PipelinedClient);
  return overrideMethods(pool, { connect: connect as pg.Pool['connect'] });
}

function pipelineStatements(client: PipelinedClient): pg.PoolClient {
  let pending: pg.QueryConfig[] = [];
  let hasEnded = false;

  async function query(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    // Prisma sends the remaining statements of a nested write even after it rolled back at the timeout. They would then run outside
    // of a transaction, or inside the next one on this connection.
    if (hasEnded) throw new TransactionEndedError();
    if (statement.text === 'BEGIN' || statement.text.startsWith(DEFERRED_MARK)) {
      pending.push(statement);
      return EMPTY_RESULT;
    }
    const ahead = pending;
    pending = [];
    const isCommit = statement.text === 'COMMIT';
    const isRollback = statement.text === 'ROLLBACK';
    hasEnded = isCommit || isRollback;
    const neverSent = ahead[0]?.text === 'BEGIN' && (ahead.length === 1 || isRollback);
    if (hasEnded && neverSent) return EMPTY_RESULT;
    const result = await send(client, isRollback ? [statement] : [...ahead, statement]).catch((error) => {
      // Of a COMMIT that is not answered nobody knows whether it was made.
      throw !isCommit && isBrokenConnection(error) ? new NoConnectionError({ cause: error }) : error;
    });
    // COMMIT of a transaction in which a statement failed rolls back, and PostgreSQL reports no error.
    if (isCommit && result.command === 'ROLLBACK') {
      throw new Error('COMMIT rolled the transaction back, since one of its statements had failed');
    }
    return result;
  }

  return overrideMethods<pg.PoolClient>(client, { query: query as pg.PoolClient['query'] });
}

class TransactionEndedError extends Error {
  override readonly name = 'TransactionEndedError';
  /** Prisma's code for a transaction that has timed out. */
  readonly code = 'P2028';

  constructor() {
    super('the transaction has ended');
  }
}

/** Sends the statements in one piece. Resolves to the result of the last, or rejects with the error of the first that failed. */
async function send(client: PipelinedClient, statements: pg.QueryConfig[]): Promise<pg.QueryResult> {
  const { stream } = client.connection;
  stream.cork();
  const sent = statements.map((statement) => client.query(statement));
  stream.uncork();
  const results = await Promise.allSettled(sent);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return sent.at(-1) as Promise<pg.QueryResult>;
}
