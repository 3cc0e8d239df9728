import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { CURSOR_KEY_BYTES, EPOCH_BYTES, readCursor, writeCursor } from '../../src/feed/cursor.ts';

const keys = { epoch: randomBytes(EPOCH_BYTES), cursorKey: randomBytes(CURSOR_KEY_BYTES) };

test('a cursor gives back the position that it was made of', () => {
  for (const position of [0, 1, 2, 4_294_967_296, Number.MAX_SAFE_INTEGER]) {
    expect(readCursor(keys, writeCursor(keys, position))).toBe(position);
  }
});

test('equal positions have equal cursors, and neighbours have nothing in common', () => {
  expect(writeCursor(keys, 7)).toBe(writeCursor(keys, 7));
  const [seven, eight] = [writeCursor(keys, 7), writeCursor(keys, 8)].map((cursor) =>
    Buffer.from(cursor, 'base64url'),
  );
  const equalBytes = seven?.filter((byte, index) => byte === eight?.[index]).length ?? 16;
  expect(equalBytes).toBeLessThan(6);
});

test('a cursor of another organization, or from before the log was set back, is none', () => {
  const cursor = writeCursor(keys, 7);
  expect(readCursor({ ...keys, cursorKey: randomBytes(CURSOR_KEY_BYTES) }, cursor)).toBeNull();
  expect(readCursor({ ...keys, epoch: randomBytes(EPOCH_BYTES) }, cursor)).toBeNull();
});

test('a cursor in which a single character is another one is none', () => {
  const cursor = writeCursor(keys, 7);
  for (let at = 0; at < cursor.length; at++) {
    const forged = `${cursor.slice(0, at)}${cursor[at] === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`;
    expect(readCursor(keys, forged)).toBeNull();
  }
});

test('a cursor that is cut off, too long, or written differently is none', () => {
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
