import { EventEmitter } from 'node:events';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { createLinks, type Link, type Links } from '../links.ts';
import type { Log } from '../log.ts';
import { createPrisma, type Db, type OnStatement, type PoolCounts } from './client.ts';
import { withLiteralLimits } from './literal-limits.ts';
import { logLaterMigrations, migrate } from './migrate.ts';
import { createOrganizationShares } from './organization-share.ts';
import { withPipelining } from './pipelining.ts';
import { withReadShares } from './read-share.ts';
import { withResultLimit } from './result-size.ts';
import { watchPool } from './silent-connections.ts';
import { createStatementNames } from './statement-names.ts';

// Sends statements without waiting for the result of the one before. An option that the types of `pg` leave out.
const PIPELINE: object = { pipeline: true };
/** Connections of one node. */
export const POOL_SIZES = { reads: 12, writes: 12, feed: 4 };
/** Most connections that writes of one organization take. */
export const WRITES_PER_ORGANIZATION = POOL_SIZES.writes / 4;
/** Most connections that reads of one organization take: the queries, and the log with its live lists. */
export const READS_PER_ORGANIZATION = { reads: POOL_SIZES.reads / 4, feed: POOL_SIZES.feed / 2 };
// A transaction or statement that gets no connection within this time fails with BUSY.
const CONNECT_TIMEOUT_MS = 5_000;
// Statements of one organization that wait for its share, some 2 kB each.
const MAX_WAITING_READS = 5_000;
// A transaction waits at most this long for a lock; one that idles this long is ended, which frees a frozen node's locks.
const LOCK_TIMEOUT_MS = 2_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 2_000;
// A change may wait for locks. A query that takes longer is ended with QUERY_TOO_COMPLEX.
const STATEMENT_TIMEOUT_MS = { reads: 5_000, writes: 10_000, feed: 10_000 };
// The limit for a statement does not reach a node over a dead connection. The node itself ends it this much later.
const STATEMENT_GRACE_MS = 1_000;
const ANSWER_TIMEOUT_MS = 2_000;
const KEEPALIVE_SECONDS = 10;
// Key of an advisory lock: any number, as long as all nodes use the same.
const MIGRATION_LOCK = 7_305_118;

export interface ServerOptions {
  url: string;
  log: Log;
  onStatement?: OnStatement | undefined;
  /** Where the state of the pools is kept. @default nowhere */
  links?: Links | undefined;
  /** Time in which an idle connection must answer. @default 2000 */
  answerTimeoutMs?: number | undefined;
}

/** Connects to PostgreSQL and applies migrations. Nodes that start at the same time: one migrates, the others wait. */
export async function connectServer(options: ServerOptions): Promise<Db> {
  const { url, log, onStatement, links = createLinks(log), answerTimeoutMs = ANSWER_TIMEOUT_MS } = options;
  await migrateServer(url, log);

  const names = createStatementNames();
  const pools: pg.Pool[] = [];
  const watches: (() => void)[] = [];
  const counters: (() => PoolCounts)[] = [];
  const notices = new EventEmitter<{ notice: [string] }>();
  function connect(use: keyof typeof POOL_SIZES, perOrganization = POOL_SIZES[use]) {
    const pool = new pg.Pool({
      connectionString: url,
      max: POOL_SIZES[use],
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEPALIVE_SECONDS * 1_000,
      query_timeout: STATEMENT_TIMEOUT_MS[use] + STATEMENT_GRACE_MS,
      ...PIPELINE,
      options: [
        '-c timezone=UTC',
        // Compiling pays off for long reports only.
        '-c jit=off',
        `-c lock_timeout=${LOCK_TIMEOUT_MS}`,
        `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_TIMEOUT_MS}`,
        `-c statement_timeout=${STATEMENT_TIMEOUT_MS[use]}`,
        `-c tcp_keepalives_idle=${KEEPALIVE_SECONDS}`,
        `-c tcp_keepalives_interval=${KEEPALIVE_SECONDS}`,
      ].join(' '),
    });
    const link = links.add(`postgres.${use}`, 'operations that need it are answered with BUSY');
    logConnectionErrors(pool, log, link);
    watches.push(watchPool(pool, { link, answerTimeoutMs }));
    pool.on('connect', (client) =>
      client.on('notice', ({ message = '' }) => notices.emit('notice', message)),
    );
    pools.push(pool);
    const pipelined = withPipelining(pool);
    // Reads of an operation are as large as the client asks for; those of the feed have pages of their own.
    const connections = use === 'reads' ? withResultLimit(pipelined) : pipelined;
    const adapter = new PrismaPg(connections, { statementNameGenerator: names });
    const shares = createOrganizationShares({
      max: perOrganization,
      maxWaiting: MAX_WAITING_READS,
      maxWaitMs: CONNECT_TIMEOUT_MS,
    });
    counters.push(() => ({
      pool: use,
      busy: pool.totalCount - pool.idleCount,
      waiting: pool.waitingCount + shares.countWaiting(),
    }));
    return createPrisma(withReadShares(withLiteralLimits(adapter), shares), onStatement);
  }

  const clients = {
    reads: connect('reads', READS_PER_ORGANIZATION.reads),
    // Transactions take their share as a whole (transaction.ts).
    writes: connect('writes'),
    feed: connect('feed', READS_PER_ORGANIZATION.feed),
  };
  return {
    kind: 'server',
    ...clients,
    maxTransactions: POOL_SIZES.writes,
    maxTransactionsPerOrganization: WRITES_PER_ORGANIZATION,
    transactionWaitMs: CONNECT_TIMEOUT_MS,
    count: () => counters.map((count) => count()),
    onNotice: (listener) => notices.on('notice', listener),
    async close() {
      for (const stopWatch of watches) stopWatch();
      await Promise.all(Object.values(clients).map((client) => client.$disconnect()));
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
}

/**
 * Logs the errors of broken connections; without a listener, such an error ends the process. The pool replaces the connection by itself.
 * It listens to idle connections only, so each connection also gets a listener of its own.
 */
export function logConnectionErrors(pool: pg.Pool, log: Log, link?: Pick<Link, 'isUp'>) {
  // Only the message: the error holds the whole client. When the link is down, its line tells.
  const onError = ({ message }: Error) =>
    log[link?.isUp() === false ? 'debug' : 'warn']({ reason: message }, 'a database connection broke');
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
}

async function migrateServer(url: string, log: Log) {
  const pool = new pg.Pool({
    connectionString: url,
    max: 2,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    options: '-c timezone=UTC',
  });
  logConnectionErrors(pool, log);
  try {
    const lock = await pool.connect();
    try {
      await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
      const { later } = await migrate(new PrismaPg(pool), async (script) => {
        await pool.query(script);
      });
      if (later.length > 0) logLaterMigrations(log, later);
    } finally {
      // Ends the connection, and with it the lock.
      lock.release(true);
    }
  } finally {
    await pool.end();
  }
}
