import type { Config } from '../config.ts';
import type { Db } from '../db/client.ts';
import { findOrganizationId } from '../domain/core/viewer.ts';
import { NotFoundError } from '../errors.ts';
import { signToken } from '../server/authenticate.ts';

/** Signs a token for the user, contact or bot with this id. Throws NotFoundError for an unknown id, and an Error without AUTH_SECRET. */
export async function issueToken({ auth }: Config, db: Db, id: string): Promise<string> {
  if (auth.secret === undefined) {
    throw new Error(
      'Tokens can only be signed with AUTH_SECRET. With AUTH_JWKS_URL alone, get them from your identity provider.',
    );
  }
  const org = await findOrganizationId(db, id);
  if (!org)
    throw new NotFoundError('user, contact or bot', id, 'Give an id that begins with USR-, CTC- or BOT-.');
  return signToken(auth.secret, { sub: id, org }, auth);
}
