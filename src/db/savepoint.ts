import type { Tx } from './client.ts';
import { deferred } from './deferred.ts';
import { Prisma } from './generated/prisma/client.ts';

/**
 * Runs a write that may violate a unique constraint. Returns false when it does: nothing was written, and the transaction goes on and
 * sees the other row. Reading first would not be enough, since the other row may be inserted in between.
 */
export async function tryUnique(tx: Tx, write: () => Promise<unknown>): Promise<boolean> {
  await deferred(tx).execute`SAVEPOINT "tryUnique"`;
  try {
    await write();
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') throw error;
    await tx.$executeRaw`ROLLBACK TO SAVEPOINT "tryUnique"`;
    return false;
  }
  await deferred(tx).execute`RELEASE SAVEPOINT "tryUnique"`;
  return true;
}
