import type { Tx } from '../../db/client.ts';
import { ForbiddenError } from '../../errors.ts';
import type { Viewer } from '../core/viewer.ts';

/** Throws ForbiddenError for a viewer who is no administrator, as far as this node knows: the quick answer, before any statement. */
export function requireAdmin(viewer: Viewer) {
  if (!viewer.isAdmin) throw createForbiddenError();
}

/**
 * Locks all administrators of the organization until the commit, in one order. Throws ForbiddenError unless the viewer is still among
 * them: of two who remove each other concurrently, the second is refused. Returns their ids.
 */
export async function lockAdministrators(tx: Tx, { id, organizationId }: Viewer): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "User"
     WHERE "organizationId" = ${organizationId} AND "role" = 'ADMIN' AND "removedAt" IS NULL
     ORDER BY "id" FOR NO KEY UPDATE`;
  const ids = rows.map((row) => row.id);
  if (!ids.includes(id)) throw createForbiddenError();
  return ids;
}

function createForbiddenError(): ForbiddenError {
  return new ForbiddenError(
    'Directory entries are changed by administrators. Use the token of a user whose role is ADMIN.',
  );
}
