import { randomBytes } from 'node:crypto';
import type { Db } from '../db/client.ts';
import { EPOCH_BYTES } from './cursor.ts';

/** Gives the organization's log a new epoch, if it still has this one. All earlier cursors become invalid. */
export async function rotateEpoch(db: Db, organizationId: string, epoch: Uint8Array) {
  await db.writes.feed.updateMany({
    where: { organizationId, epoch: Buffer.from(epoch) },
    data: { epoch: randomBytes(EPOCH_BYTES) },
  });
}

/**
 * Gives every log a new epoch when the database is a copy of the one at the last start: a restored backup, or a standby that was promoted
 * and may lack the last changes. Returns whether it did. Recognizes a copy by the server's system identifier and timeline, and by the
 * ids of database and table. A copy of the server's files that is put back in place has the same ones; only a log follower notices
 * that it was rewound.
 */
export async function rotateEpochsIfCloned(db: Db): Promise<boolean> {
  return db.writes.$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<{ identity: string }[]>`
      SELECT concat_ws('/', s.system_identifier, c.timeline_id, d.oid, '"Feed"'::regclass::oid) AS "identity"
        FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d WHERE d.datname = current_database()`;
    const identity = row?.identity ?? '';
    const inserted = await tx.$executeRaw`
      INSERT INTO "Installation" ("id", "identity") VALUES (1, ${identity}) ON CONFLICT DO NOTHING`;
    if (inserted > 0) return false;
    // Nodes that start at the same time wait here for the first, and then have nothing to update.
    const updated = await tx.$executeRaw`
      UPDATE "Installation" SET "identity" = ${identity} WHERE "identity" <> ${identity}`;
    if (updated === 0) return false;
    await tx.$executeRaw`
      UPDATE "Feed" SET "epoch" = decode(left(md5(gen_random_uuid()::text), ${EPOCH_BYTES * 2}::int), 'hex')`;
    return true;
  });
}
