import { openDb } from '../app.ts';
import { ConfigError, loadConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { issueToken } from './issue-token.ts';
import { withLocalSecret } from './local-secret.ts';
import { requestToken } from './token-socket.ts';

/** Prints a token for an id. With embedded data a running gateway is asked, because the data is locked. */
export async function printToken(env: Record<string, string | undefined>, [id]: string[]): Promise<void> {
  if (!id)
    throw new ConfigError(['token: give the id of a user, contact or bot: npm run --silent token -- USR-…']);
  const loaded = loadConfig(env);
  const isEmbedded = loaded.databaseUrl === undefined;
  const config = isEmbedded ? await withLocalSecret(loaded) : loaded;

  const received = isEmbedded ? await requestToken(config, id) : null;
  if (received !== null) {
    process.stdout.write(`${received}\n`);
    return;
  }
  const db = await openDb(config, { log: createLog('warn') });
  try {
    process.stdout.write(`${await issueToken(config, db, id)}\n`);
  } finally {
    await db.close();
  }
}
