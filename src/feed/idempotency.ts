import type { Db, Tx } from '../db/client.ts';
import { deferred } from '../db/deferred.ts';
import { IdempotencyKeyReusedError } from '../errors.ts';
import { parseNodeType } from '../ids.ts';
import type { Author } from './event.ts';

const RETENTION_HOURS = 24;
const DELETE_BATCH_SIZE = 1_000;

/** A mutation with an idempotency key. Keys are separate for each viewer and mutation. */
export interface IdempotentRequest {
  mutation: string;
  key: string;
  /** SHA-256 of the input. */
  fingerprint: Uint8Array<ArrayBuffer>;
  /** Id of one object of a bulk mutation, each of which is a change of its own. */
  part?: string;
}

/** Result of a change that an earlier request has made. */
export interface StoredResult {
  /** Id of the object that was changed. */
  id: string;
  /** The change's last event; null where it changed nothing. */
  eventId: string | null;
}

/**
 * Claims the key. Returns null when the change is to be made, and the stored result when it was made before. Concurrent requests with the
 * same key: the second waits for the first to commit. Throws IdempotencyKeyReusedError when the key came with another input. Must be
 * the first statement of its transaction, so that locks are taken in the same order everywhere.
 */
export async function claimKey(
  tx: Tx,
  author: Author,
  request: IdempotentRequest,
): Promise<StoredResult | null> {
  // The key of a bulk mutation stands for its whole input: a row without a part holds the fingerprint.
  if (request.part !== undefined) await claimRow(tx, author, { ...request, part: '' });
  const earlier = await claimRow(tx, author, request);
  if (!earlier) return null;
  if (earlier.outcomeId === null) throw new Error('a change was committed without its result');
  return { id: earlier.outcomeId, eventId: earlier.eventId };
}

/** Stores the result under a key that the transaction has claimed. */
export async function storeResult(
  tx: Tx,
  author: Author,
  request: IdempotentRequest,
  { id, eventId }: StoredResult,
) {
  const { organizationId, viewerId, mutation, key, part } = uniqueColumns(author, request);
  await deferred(tx).execute`
    UPDATE "IdempotencyKey" SET "outcomeType" = ${parseNodeType(id) ?? null}, "outcomeId" = ${id}, "eventId" = ${eventId}
     WHERE "organizationId" = ${organizationId} AND "viewerId" = ${viewerId} AND "mutation" = ${mutation}
       AND "key" = ${key} AND "part" = ${part}`;
}

/** Deletes keys that are older than 24 hours, at most 1,000. Returns their number. */
export async function deleteExpiredKeys(db: Db): Promise<number> {
  return db.writes.$executeRaw`
    DELETE FROM "IdempotencyKey" WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM "IdempotencyKey"
       WHERE "createdAt" < clock_timestamp() - make_interval(hours => ${RETENTION_HOURS}::int)
       ORDER BY "createdAt" LIMIT ${DELETE_BATCH_SIZE}))`;
}

/** Inserts the row and returns null; returns the row where there is one already. */
async function claimRow(tx: Tx, author: Author, request: IdempotentRequest) {
  const columns = uniqueColumns(author, request);
  for (;;) {
    const { count } = await tx.idempotencyKey.createMany({
      data: [{ ...columns, fingerprint: request.fingerprint }],
      skipDuplicates: true,
    });
    if (count > 0) return null;
    const earlier = await tx.idempotencyKey.findUnique({
      where: { organizationId_viewerId_mutation_key_part: columns },
      select: { fingerprint: true, outcomeId: true, eventId: true },
    });
    // It expired and was deleted between the two statements.
    if (!earlier) continue;
    if (!Buffer.from(earlier.fingerprint).equals(request.fingerprint)) {
      throw new IdempotencyKeyReusedError(request.key);
    }
    return earlier;
  }
}

function uniqueColumns(author: Author, { mutation, key, part = '' }: IdempotentRequest) {
  return { organizationId: author.organizationId, viewerId: author.id, mutation, key, part };
}
