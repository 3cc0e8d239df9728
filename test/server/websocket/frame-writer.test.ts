import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
// @ts-expect-error its types leave it out
import { Receiver } from 'ws';
import { createFrameWriter } from '../../../src/server/websocket/frame-writer.ts';

/** What a websocket lies on: what is written arrives at once, or with `release`. Says what has arrived, as ws reads it. */
function createWire({ isSlow }: { isSlow: boolean }) {
  const arrived: string[] = [];
  const held: (() => void)[] = [];
  const receiver = new Receiver({ isServer: false });
  receiver.on('message', (data: Buffer) => arrived.push(String(data)));
  const raw = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      function take() {
        receiver.write(Buffer.from(chunk));
        done();
      }
      if (isSlow) held.push(take);
      else take();
    },
  });
  return {
    raw,
    arrived,
    release() {
      for (let take = held.shift(); take; take = held.shift()) take();
    },
  };
}

test('a message of any length is a frame that ws understands', () => {
  const { raw, arrived } = createWire({ isSlow: false });
  const writeFrame = createFrameWriter();
  for (const length of [0, 1, 124, 125, 126, 65_534, 65_535, 65_536, 200_000]) {
    writeFrame(raw, '<', Buffer.from('x'.repeat(length)));
    expect(arrived.pop()).toBe(`<${'x'.repeat(length)}`);
  }
});

test('each socket gets the beginning that is its own', () => {
  const writeFrame = createFrameWriter();
  const wires = ['a1', 'b2', 'ccc', 'd4'].map((id) => ({ id, ...createWire({ isSlow: false }) }));
  for (const text of ['one', 'two']) {
    const body = Buffer.from(text);
    for (const { id, raw } of wires) writeFrame(raw, id, body);
  }
  expect(wires.map(({ arrived }) => arrived)).toEqual(wires.map(({ id }) => [`${id}one`, `${id}two`]));
});

test('what a slow socket has not taken yet is not written over', () => {
  const writeFrame = createFrameWriter();
  const slow = createWire({ isSlow: true });
  const wires = [
    slow,
    createWire({ isSlow: false }),
    createWire({ isSlow: true }),
    createWire({ isSlow: false }),
  ];
  const body = Buffer.from('body');
  for (const [index, { raw }] of wires.entries()) writeFrame(raw, `${index} `, body);
  writeFrame(slow.raw, '9 ', body);
  for (const { release } of wires) release();
  expect(wires.map(({ arrived }) => arrived)).toEqual([
    ['0 body', '9 body'],
    ['1 body'],
    ['2 body'],
    ['3 body'],
  ]);
});
