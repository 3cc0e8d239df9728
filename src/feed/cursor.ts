import { createCipheriv, createDecipheriv } from 'node:crypto';

export const EPOCH_BYTES = 8;
export const CURSOR_KEY_BYTES = 32;
const POSITION_BYTES = 8;

export interface CursorKeys {
  epoch: Uint8Array;
  cursorKey: Uint8Array;
}

/**
 * A cursor is one block of AES: the feed's epoch and the position, 8 bytes each. One block under a key of its own
 * needs no mode: equal positions give equal cursors for every viewer, so that frames can be shared, and nothing
 * can be read from or changed in it. A forged cursor decrypts to a wrong epoch (but for one in 2^64).
 */
export function writeCursor({ epoch, cursorKey }: CursorKeys, position: number): string {
  const block = Buffer.alloc(EPOCH_BYTES + POSITION_BYTES);
  block.set(epoch);
  block.writeBigUInt64BE(BigInt(position), EPOCH_BYTES);
  const cipher = createCipheriv('aes-256-ecb', cursorKey, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url');
}

/** The position, or null when the cursor is not one of this feed in its present epoch. */
export function readCursor({ epoch, cursorKey }: CursorKeys, cursor: string): number | null {
  const bytes = Buffer.from(cursor, 'base64url');
  // The text, too, must be the one that was given out.
  if (bytes.length !== EPOCH_BYTES + POSITION_BYTES || bytes.toString('base64url') !== cursor) return null;
  const decipher = createDecipheriv('aes-256-ecb', cursorKey, null).setAutoPadding(false);
  const block = Buffer.concat([decipher.update(bytes), decipher.final()]);
  if (!block.subarray(0, EPOCH_BYTES).equals(epoch)) return null;
  const position = block.readBigUInt64BE(EPOCH_BYTES);
  return position <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(position) : null;
}
