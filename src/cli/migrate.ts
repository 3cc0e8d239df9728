import { openDb } from '../app.ts';
import { loadConfig } from '../config.ts';
import { createLog } from '../log.ts';

/** Applies the migrations that are missing, as every start does, and exits. */
export async function migrateDatabase(env: Record<string, string | undefined>): Promise<void> {
  const config = loadConfig(env);
  const db = await openDb(config, { log: createLog(config.logLevel) });
  await db.close();
  process.stdout.write('The database is up to date.\n');
}
