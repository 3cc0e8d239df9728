import type { Tx } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { WITH_NEXT } from './pipelining.ts';

/**
 * Writes what another row may rule out by a unique key. False: it does, and nothing was written; the transaction lives on, and
 * sees that row. Looking first would not do, since the other row may be written in between.
 */
export async function tryUnique(tx: Tx, write: () => Promise<unknown>): Promise<boolean> {
  await tx.$executeRaw`${WITH_NEXT} SAVEPOINT "tryUnique"`;
  try {
    await write();
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') throw error;
    await tx.$executeRaw`ROLLBACK TO SAVEPOINT "tryUnique"`;
    return false;
  }
  await tx.$executeRaw`${WITH_NEXT} RELEASE SAVEPOINT "tryUnique"`;
  return true;
}
