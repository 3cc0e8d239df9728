import { openDb } from '../app.ts';
import { loadConfig } from '../config.ts';
import { createLog } from '../log.ts';

/** Brings the tables up to date and does nothing else; every start does the same. */
export async function migrateDatabase(env: Record<string, string | undefined>): Promise<void> {
  const config = loadConfig(env);
  const db = await openDb(config, { log: createLog(config.logLevel) });
  await db.close();
  process.stdout.write('The database is up to date.\n');
}
