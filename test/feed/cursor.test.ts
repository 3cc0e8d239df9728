import { expect, test } from 'vitest';
import { CURSOR_KEY_BYTES, EPOCH_BYTES, readCursor, writeCursor } from '../../src/feed/cursor.ts';

// Fixed, so that every run compares the same cursors.
const keys = {
  epoch: new Uint8Array(EPOCH_BYTES).fill(1),
  cursorKey: new Uint8Array(CURSOR_KEY_BYTES).fill(2),
};

test('reading a cursor returns the position that was written', () => {
  for (const position of [0, 1, 2, 4_294_967_296, Number.MAX_SAFE_INTEGER]) {
    expect(readCursor(keys, writeCursor(keys, position))).toBe(position);
  }
});

test('equal positions have equal cursors, and the cursors of consecutive positions are unrelated', () => {
  expect(writeCursor(keys, 7)).toBe(writeCursor(keys, 7));
  const [seven, eight] = [writeCursor(keys, 7), writeCursor(keys, 8)].map((cursor) =>
    Buffer.from(cursor, 'base64url'),
  );
  const equalBytes = seven?.filter((byte, index) => byte === eight?.[index]).length ?? 16;
  expect(equalBytes).toBeLessThan(6);
});

test('a cursor of another organization, or of an earlier epoch, is invalid', () => {
  const cursor = writeCursor(keys, 7);
  expect(readCursor({ ...keys, cursorKey: new Uint8Array(CURSOR_KEY_BYTES).fill(3) }, cursor)).toBeNull();
  expect(readCursor({ ...keys, epoch: new Uint8Array(EPOCH_BYTES).fill(3) }, cursor)).toBeNull();
});

test('a cursor with any one character replaced is invalid', () => {
  const cursor = writeCursor(keys, 7);
  for (let at = 0; at < cursor.length; at++) {
    const forged = `${cursor.slice(0, at)}${cursor[at] === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`;
    expect(readCursor(keys, forged)).toBeNull();
  }
});

test('a cursor that is truncated, too long, or spelled differently is invalid', () => {
  const cursor = writeCursor(keys, 7);
  const others = [
    cursor.slice(0, -1),
    cursor.slice(1),
    `${cursor}A`,
    `${cursor}==`,
    ` ${cursor}`,
    cursor.repeat(2),
    '',
    '0',
    '💥',
  ];
  for (const other of others) expect(readCursor(keys, other)).toBeNull();
});
