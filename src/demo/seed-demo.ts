import { randomBytes } from 'node:crypto';
import type { Db, Tx } from '../db/client.ts';
import { CURSOR_KEY_BYTES, EPOCH_BYTES } from '../feed/cursor.ts';
import type { Feed } from '../feed/feed.ts';
import { SYSTEM } from './author.ts';
import { composeDemo, FOUNDED_AT } from './compose-demo.ts';
import { DEMO } from './demo-people.ts';
import { insertRows } from './insert-rows.ts';

const { organizationId } = DEMO;

/** Creates the demo organization unless it exists. When several nodes start together, one creates it and the others wait. */
export async function seedDemo({ db, feed }: { db: Db; feed: Feed }): Promise<void> {
  if (await db.reads.organization.findUnique({ where: { id: organizationId }, select: { id: true } })) return;
  // Before the transaction, which must not stand idle.
  const rows = composeDemo(new Date());
  await feed.record(SYSTEM, async (tx) => {
    if (!(await claim(tx))) return { result: undefined, events: [] };
    await insertRows(tx, rows);
    return { result: undefined, events: rows.events };
  });
}

/** Creates the organization and its feed. Waits for a node that is creating it; false when it did. */
async function claim(tx: Tx): Promise<boolean> {
  const { count } = await tx.organization.createMany({
    data: [{ id: organizationId, name: 'Meridian', createdAt: FOUNDED_AT }],
    skipDuplicates: true,
  });
  if (count === 0) return false;
  await tx.feed.create({
    data: { organizationId, epoch: randomBytes(EPOCH_BYTES), cursorKey: randomBytes(CURSOR_KEY_BYTES) },
  });
  return true;
}
