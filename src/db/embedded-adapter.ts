import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PGlite, Transaction } from '@electric-sql/pglite';
import type { IsolationLevel, SqlDriverAdapterFactory, SqlQuery } from '@prisma/driver-adapter-utils';
import pLimit from 'p-limit';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { overrideMethods } from './override-methods.ts';

/**
 * Prisma's adapter for PGlite, with two differences: COMMIT rejects when it fails, where that of pglite-prisma-adapter 0.7 resolves; and the process
 * does something else between two queries. PGlite answers in the same turn of the event loop, so that an operation of 20 queries would stop it for
 * the time of all of them.
 */
export function createEmbeddedAdapter(pglite: PGlite): SqlDriverAdapterFactory {
  const factory = new PrismaPGlite(pglite);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const startTransaction = (level?: IsolationLevel) => startTransactionOn(pglite, level);
      const adapter = await factory.connect();
      const oneByOne = pLimit(1);
      const queryRaw = (query: SqlQuery) =>
        oneByOne(async () => {
          await nextTurn();
          return adapter.queryRaw(query);
        });
      return overrideMethods(adapter, { startTransaction, queryRaw });
    },
  };
}

// One adapter per transaction, on a client that exposes the result of the transaction.
async function startTransactionOn(pglite: PGlite, level: IsolationLevel | undefined) {
  let ended: Promise<unknown> = Promise.resolve();
  const client = overrideMethods(pglite, {
    transaction<T>(run: (tx: Transaction) => Promise<T>) {
      const result = pglite.transaction(run);
      ended = result;
      return result;
    },
  });
  const adapter = await new PrismaPGlite(client).connect();
  const transaction = await adapter.startTransaction(level);
  return overrideMethods(transaction, {
    async commit() {
      await transaction.commit();
      await ended;
    },
  });
}
