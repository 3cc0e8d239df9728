import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { type Prisma, PrismaClient } from './generated/prisma/client.ts';

/** Inside a transaction. */
export type Tx = Prisma.TransactionClient;

/**
 * The database, in pools that can't starve each other: a flood of list queries leaves writes their connections,
 * and the feed has its own. On the embedded database all are the same single connection.
 */
export interface Db {
  readonly kind: 'server' | 'embedded';
  readonly reads: PrismaClient;
  readonly writes: PrismaClient;
  readonly feed: PrismaClient;
  /** How many transactions may be open at once, and how many of them for one organization. */
  readonly maxTransactions: number;
  readonly maxTransactionsPerOrganization: number;
  /** Milliseconds that a transaction may wait for its connection. */
  readonly transactionWaitMs: number;
  /** Hears what the database says beside its answers. The embedded one says nothing. */
  onNotice(listener: (message: string) => void): void;
  close(): Promise<void>;
}

/** Hears the text of every SQL statement that reads and writes send; tests count them. */
export type OnStatement = (sql: string) => void;

export function createPrisma(adapter: SqlDriverAdapterFactory, onStatement?: OnStatement): PrismaClient {
  const options = { adapter, queryPlanCacheMaxSize: 1_000 };
  if (!onStatement) return new PrismaClient(options);
  const client = new PrismaClient({ ...options, log: [{ emit: 'event', level: 'query' }] });
  client.$on('query', (event) => onStatement(event.query));
  return client as PrismaClient;
}
