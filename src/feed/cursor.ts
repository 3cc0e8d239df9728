import { createCipheriv, createDecipheriv } from 'node:crypto';

export const EPOCH_BYTES = 8;
export const CURSOR_KEY_BYTES = 32;
const POSITION_BYTES = 8;
const CURSOR_LENGTH = Math.ceil(((EPOCH_BYTES + POSITION_BYTES) * 4) / 3);

/** Secrets of one organization's cursors. */
export interface CursorKeys {
  /** Changes when the log is rewound. */
  epoch: Uint8Array;
  cursorKey: Uint8Array;
}

/**
 * Encrypts epoch and position, 8 bytes each, as one block of AES-256 in base64url. A single block under a key of its own needs no mode
 * of operation. Equal positions give equal cursors for every viewer, so that frames can be shared. A cursor reveals nothing, and a
 * forged one decrypts to a wrong epoch, except for one in 2^64.
 */
export function writeCursor({ epoch, cursorKey }: CursorKeys, position: number): string {
  const block = Buffer.alloc(EPOCH_BYTES + POSITION_BYTES);
  block.set(epoch);
  block.writeBigUInt64BE(BigInt(position), EPOCH_BYTES);
  const cipher = createCipheriv('aes-256-ecb', cursorKey, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url');
}

/** Returns the position; null when the cursor does not belong to this log in its present epoch. */
export function readCursor({ epoch, cursorKey }: CursorKeys, cursor: string): number | null {
  if (cursor.length !== CURSOR_LENGTH) return null;
  const bytes = Buffer.from(cursor, 'base64url');
  // Buffer.from accepts several spellings of the same bytes; only the one of writeCursor is valid.
  if (bytes.toString('base64url') !== cursor) return null;
  const decipher = createDecipheriv('aes-256-ecb', cursorKey, null).setAutoPadding(false);
  const block = Buffer.concat([decipher.update(bytes), decipher.final()]);
  if (!block.subarray(0, EPOCH_BYTES).equals(epoch)) return null;
  const position = block.readBigUInt64BE(EPOCH_BYTES);
  return position <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(position) : null;
}
