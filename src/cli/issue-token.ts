import type { Config } from '../config.ts';
import type { Db } from '../db/client.ts';
import { findOrganizationId } from '../domain/core/viewer.ts';
import { NotFoundError } from '../errors.ts';
import { signToken } from '../server/authenticate.ts';

/** A token for a user, contact or bot. */
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
