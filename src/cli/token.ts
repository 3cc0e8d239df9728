import { openDb } from '../app.ts';
import { ConfigError, DURATION_EXAMPLES, loadConfig, parseDuration } from '../config.ts';
import { createLog } from '../log.ts';
import { SIGNED_TOKEN_LIFETIME_SECONDS } from '../server/authenticate.ts';
import { issueToken, type TokenRequest } from './issue-token.ts';
import { withLocalSecret } from './local-secret.ts';
import { requestToken } from './token-socket.ts';

/** Prints a token for an id, valid for an hour or the given time. With embedded data a running gateway is asked, because the data is locked. */
export async function printToken(env: Record<string, string | undefined>, args: string[]): Promise<void> {
  const request = parseArguments(args);
  const loaded = loadConfig(env);
  const isEmbedded = loaded.databaseUrl === undefined;
  const config = isEmbedded ? await withLocalSecret(loaded) : loaded;

  const received = isEmbedded ? await requestToken(config, request) : null;
  if (received !== null) {
    process.stdout.write(`${received}\n`);
    return;
  }
  const db = await openDb(config, { log: createLog('warn') });
  try {
    process.stdout.write(`${await issueToken(config, db, request)}\n`);
  } finally {
    await db.close();
  }
}

function parseArguments([id, lifetime]: string[]): TokenRequest {
  const lifetimeSeconds = lifetime === undefined ? SIGNED_TOKEN_LIFETIME_SECONDS : parseDuration(lifetime);
  const lines = [];
  if (!id) lines.push('token: give the id of a user, contact or bot: npm run --silent token -- USR-… 1h');
  if (lifetimeSeconds === null) lines.push(`token: the lifetime "${lifetime}" is not ${DURATION_EXAMPLES}`);
  if (!id || lifetimeSeconds === null) throw new ConfigError(lines);
  return { id, lifetimeSeconds };
}
