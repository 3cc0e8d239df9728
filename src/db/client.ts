import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { type Prisma, PrismaClient } from './generated/prisma/client.ts';

/** Prisma client of one transaction. */
export type Tx = Prisma.TransactionClient;

export interface PoolCounts {
  readonly pool: string;
  /** Connections in use. */
  readonly busy: number;
  /** Statements and transactions that wait for a connection. */
  readonly waiting: number;
}

/**
 * The database, with separate connection pools for reads, writes and the feed, so that a flood of list queries can't take the
 * connections of writes. The embedded database has a single connection for all three.
 */
export interface Db {
  readonly kind: 'server' | 'embedded';
  readonly reads: PrismaClient;
  readonly writes: PrismaClient;
  readonly feed: PrismaClient;
  /** Most transactions that are open at the same time. */
  readonly maxTransactions: number;
  /** Most of them for one organization. */
  readonly maxTransactionsPerOrganization: number;
  /** Longest wait of a transaction for its connection. */
  readonly transactionWaitMs: number;
  /** Use of each pool; the embedded database has none. */
  count(): PoolCounts[];
  /** Calls back with the text of each NoticeResponse message of PostgreSQL. The embedded database passes on none. */
  onNotice(listener: (message: string) => void): void;
  close(): Promise<void>;
}

/** Called with the text of every SQL statement; tests count them. */
export type OnStatement = (sql: string) => void;

// Prisma counts its plans and can't weigh them. That of a wide selection takes some 100 kB, and clients choose their selections.
const MAX_QUERY_PLANS = 300;

export function createPrisma(adapter: SqlDriverAdapterFactory, onStatement?: OnStatement): PrismaClient {
  const options = { adapter, queryPlanCacheMaxSize: MAX_QUERY_PLANS };
  if (!onStatement) return new PrismaClient(options);
  const client = new PrismaClient({ ...options, log: [{ emit: 'event', level: 'query' }] });
  client.$on('query', (event) => onStatement(event.query));
  return client as PrismaClient;
}
