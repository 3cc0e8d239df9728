import { PGlite } from '@electric-sql/pglite';
import type { Log } from '../log.ts';
import { createPrisma, type Db, type OnStatement } from './client.ts';
import { createEmbeddedAdapter } from './embedded-adapter.ts';
import { lockFolder } from './folder-lock.ts';
import { logLaterMigrations, migrate } from './migrate.ts';
import { PrivateFiles, restrictDataFolder } from './private-files.ts';

// All transactions wait for the one connection.
const TRANSACTION_WAIT_MS = 30_000;

export interface EmbeddedOptions {
  /** Data folder, readable by this process's user alone; undefined keeps the data in memory. */
  folder?: string | undefined;
  /** A dump of PGlite's data folder that the database starts with. */
  template?: Blob | undefined;
  onStatement?: OnStatement | undefined;
  /** Told when a newer version has migrated the database. @default nobody is told */
  log?: Log;
}

/** Opens PostgreSQL inside this process (PGlite), and migrates it. Throws FolderInUseError while another process has the folder open. */
export async function openEmbedded({ folder, template, onStatement, log }: EmbeddedOptions): Promise<Db> {
  if (folder) await restrictDataFolder(folder);
  const unlock = folder ? await lockFolder(folder) : undefined;
  try {
    const pglite = await PGlite.create({
      ...(folder ? { fs: new PrivateFiles(folder) } : {}),
      ...(template ? { loadDataDir: template } : {}),
    });
    await pglite.exec('SET TIME ZONE UTC');
    const adapter = createEmbeddedAdapter(pglite);
    const { later } = await migrate(adapter, async (script) => {
      await pglite.exec(script);
    });
    if (log && later.length > 0) logLaterMigrations(log, later);
    const client = createPrisma(adapter, onStatement);
    return {
      kind: 'embedded',
      reads: client,
      writes: client,
      feed: client,
      maxTransactions: 1,
      maxTransactionsPerOrganization: 1,
      transactionWaitMs: TRANSACTION_WAIT_MS,
      count: () => [],
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
