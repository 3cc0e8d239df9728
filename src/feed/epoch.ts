import { randomBytes } from 'node:crypto';
import type { Db } from '../db/client.ts';
import { EPOCH_BYTES } from './cursor.ts';

/** Gives a feed another epoch, if it still has this one: every cursor until now is refused from then on. */
export async function rotateEpoch(db: Db, organizationId: string, epoch: Uint8Array) {
  await db.writes.feed.updateMany({
    where: { organizationId, epoch: Buffer.from(epoch) },
    data: { epoch: randomBytes(EPOCH_BYTES) },
  });
}

/**
 * Gives every feed another epoch where the database is not the one that it was at the last start, but a copy: a backup, or a standby
 * that took over and may lack the last changes. Seen by the server's identifier and timeline, and by the ids of database and
 * table; a copy of the server's files, put back in its place, has the same, and is seen only by who follows its log.
 */
export async function rotateEpochsIfCloned(db: Db): Promise<boolean> {
  return db.writes.$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<{ identity: string }[]>`
      SELECT concat_ws('/', s.system_identifier, c.timeline_id, d.oid, '"Feed"'::regclass::oid) AS "identity"
        FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d WHERE d.datname = current_database()`;
    const identity = row?.identity ?? '';
    const made = await tx.$executeRaw`
      INSERT INTO "Installation" ("id", "identity") VALUES (1, ${identity}) ON CONFLICT DO NOTHING`;
    if (made > 0) return false;
    // Of nodes that start together one waits here for the other, and then finds it done.
    const moved = await tx.$executeRaw`
      UPDATE "Installation" SET "identity" = ${identity} WHERE "identity" <> ${identity}`;
    if (moved === 0) return false;
    await tx.$executeRaw`
      UPDATE "Feed" SET "epoch" = decode(left(md5(gen_random_uuid()::text), ${EPOCH_BYTES * 2}::int), 'hex')`;
    return true;
  });
}
