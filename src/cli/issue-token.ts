import { type Config, ConfigError, formatDuration } from '../config.ts';
import type { Db } from '../db/client.ts';
import { findOrganizationId } from '../domain/core/viewer.ts';
import { NotFoundError } from '../errors.ts';
import { signToken } from '../server/authenticate.ts';

export interface TokenRequest {
  /** Id of a user, contact or bot. */
  id: string;
  lifetimeSeconds: number;
}

/**
 * Signs a token. Throws NotFoundError for an unknown id, and ConfigError for a lifetime that the gateway would not accept
 * or without AUTH_SECRET.
 */
export async function issueToken(
  { auth }: Pick<Config, 'auth'>,
  db: Db,
  { id, lifetimeSeconds }: TokenRequest,
): Promise<string> {
  if (auth.secret === undefined) {
    throw new ConfigError([
      'token: set AUTH_SECRET to sign tokens. With AUTH_JWKS_URL alone, get them from your identity provider.',
    ]);
  }
  if (lifetimeSeconds > auth.maxLifetimeSeconds) {
    throw new ConfigError([
      `token: the lifetime may be at most ${formatDuration(auth.maxLifetimeSeconds)} (AUTH_MAX_TOKEN_LIFETIME)`,
    ]);
  }
  const org = await findOrganizationId(db, id);
  if (!org)
    throw new NotFoundError('user, contact or bot', id, 'Give an id that begins with USR-, CTC- or BOT-.');
  return signToken(auth.secret, { sub: id, org }, { ...auth, lifetimeSeconds });
}
