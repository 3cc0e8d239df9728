import type { PGlite, Transaction } from '@electric-sql/pglite';
import type { IsolationLevel, SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { overrideMethods } from './override-methods.ts';

/**
 * Prisma's way to PGlite. pglite-prisma-adapter (0.7) reports a COMMIT that failed, and was rolled back, as done; here it
 * rejects.
 */
export function createEmbeddedAdapter(pglite: PGlite): SqlDriverAdapterFactory {
  const factory = new PrismaPGlite(pglite);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const startTransaction = (level?: IsolationLevel) => startHonestTransaction(pglite, level);
      return overrideMethods(await factory.connect(), { startTransaction });
    },
  };
}

// Each transaction has an adapter of its own, on a client that tells how the transaction ended.
async function startHonestTransaction(pglite: PGlite, level: IsolationLevel | undefined) {
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
