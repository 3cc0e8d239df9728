import type { PGlite, Transaction } from '@electric-sql/pglite';
import type { IsolationLevel, SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { overrideMethods } from './override-methods.ts';

/** Prisma's adapter for PGlite, with a COMMIT that rejects when it fails; that of pglite-prisma-adapter 0.7 resolves. */
export function createEmbeddedAdapter(pglite: PGlite): SqlDriverAdapterFactory {
  const factory = new PrismaPGlite(pglite);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const startTransaction = (level?: IsolationLevel) => startTransactionOn(pglite, level);
      return overrideMethods(await factory.connect(), { startTransaction });
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
