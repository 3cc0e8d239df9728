import type { Db, Tx } from '../db/client.ts';
import { WITH_NEXT } from '../db/pipelining.ts';
import { IdempotencyKeyReusedError } from '../errors.ts';
import { parseNodeType } from '../ids.ts';
import type { Author } from './event.ts';

// Longer than anybody tries again.
const RETENTION_HOURS = 24;
const DELETE_BATCH_SIZE = 1_000;

/** A change that is to be made once, however often it is asked for. */
export interface IdempotentRequest {
  /** Keys of one mutation are no keys of another. */
  mutation: string;
  key: string;
  /** SHA-256 of the input. */
  fingerprint: Uint8Array<ArrayBuffer>;
  /** Which object, where one input changes many and each is a change of its own. */
  part?: string;
}

/** What a change came to that was made before. */
export interface StoredResult {
  id: string;
  /** Its last event; null where it changed nothing. */
  eventId: string | null;
}

/**
 * Takes the key, the first lock of its transaction: of two that come at once the second waits for the first to commit. Gives the
 * outcome when the change has been made before, null when it is to be made now. Throws IdempotencyKeyReusedError when the
 * key was given with another input.
 */
export async function claimKey(
  tx: Tx,
  author: Author,
  once: IdempotentRequest,
): Promise<StoredResult | null> {
  // What the parts have in common: the input that the key stands for. It is kept when one of them is.
  if (once.part !== undefined) await claimRow(tx, author, { ...once, part: '' });
  const earlier = await claimRow(tx, author, once);
  if (!earlier) return null;
  if (earlier.outcomeId === null) throw new Error('a change was committed without its outcome');
  return { id: earlier.outcomeId, eventId: earlier.eventId };
}

/** Keeps what the change came to, for whoever asks again. */
export async function storeResult(
  tx: Tx,
  author: Author,
  once: IdempotentRequest,
  { id, eventId }: StoredResult,
) {
  const { organizationId, viewerId, mutation, key, part } = rowOf(author, once);
  await tx.$executeRaw`${WITH_NEXT}
    UPDATE "IdempotencyKey" SET "outcomeType" = ${parseNodeType(id) ?? null}, "outcomeId" = ${id}, "eventId" = ${eventId}
     WHERE "organizationId" = ${organizationId} AND "viewerId" = ${viewerId} AND "mutation" = ${mutation}
       AND "key" = ${key} AND "part" = ${part}`;
}

/** Forgets keys that are older than a day; says how many. */
export async function deleteExpiredKeys(db: Db): Promise<number> {
  return db.writes.$executeRaw`
    DELETE FROM "IdempotencyKey" WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM "IdempotencyKey"
       WHERE "createdAt" < clock_timestamp() - make_interval(hours => ${RETENTION_HOURS}::int)
       ORDER BY "createdAt" LIMIT ${DELETE_BATCH_SIZE}))`;
}

/** The row that is there already; null when it was not, and now is. */
async function claimRow(tx: Tx, author: Author, once: IdempotentRequest) {
  const row = rowOf(author, once);
  for (;;) {
    const { count } = await tx.idempotencyKey.createMany({
      data: [{ ...row, fingerprint: once.fingerprint }],
      skipDuplicates: true,
    });
    if (count > 0) return null;
    const earlier = await tx.idempotencyKey.findUnique({
      where: { organizationId_viewerId_mutation_key_part: row },
      select: { fingerprint: true, outcomeId: true, eventId: true },
    });
    // Else it was swept in between.
    if (!earlier) continue;
    if (!Buffer.from(earlier.fingerprint).equals(once.fingerprint)) {
      throw new IdempotencyKeyReusedError(once.key);
    }
    return earlier;
  }
}

function rowOf(author: Author, { mutation, key, part = '' }: IdempotentRequest) {
  return { organizationId: author.organizationId, viewerId: author.id, mutation, key, part };
}
