import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createPrisma, type Db, type OnStatement } from './client.ts';
import { createEmbeddedAdapter } from './embedded-adapter.ts';
import { lockFolder } from './folder-lock.ts';
import { migrate } from './migrate.ts';

// Everything waits for the one connection, so a burst takes its time.
const TRANSACTION_WAIT_MS = 30_000;

export interface EmbeddedOptions {
  /** Where the data is kept; undefined keeps it in memory. */
  folder?: string | undefined;
  /** The files of a database to begin with. */
  template?: Blob | undefined;
  onStatement?: OnStatement | undefined;
}

/** Opens PostgreSQL inside this process. Refused with a sentence while another process has the folder open. */
export async function openEmbedded({ folder, template, onStatement }: EmbeddedOptions): Promise<Db> {
  if (folder) await mkdir(folder, { recursive: true });
  const unlock = folder ? await lockFolder(folder) : undefined;
  try {
    const pglite = await PGlite.create({
      ...(folder ? { dataDir: join(folder, 'postgres') } : {}),
      ...(template ? { loadDataDir: template } : {}),
    });
    await pglite.exec('SET TIME ZONE UTC');
    const adapter = createEmbeddedAdapter(pglite);
    await migrate(adapter, async (script) => {
      await pglite.exec(script);
    });
    const client = createPrisma(adapter, onStatement);
    return {
      kind: 'embedded',
      reads: client,
      writes: client,
      feed: client,
      maxTransactions: 1,
      maxTransactionsPerOrganization: 1,
      transactionWaitMs: TRANSACTION_WAIT_MS,
      onNotice() {},
      async close() {
        await client.$disconnect();
        await pglite.close();
        await unlock?.();
      },
    };
  } catch (error) {
    await unlock?.();
    throw error;
  }
}
