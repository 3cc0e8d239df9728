import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
// @ts-expect-error its types leave it out
import { Receiver } from 'ws';
import { createFrames, createFrameWriter } from '../../../src/server/websocket/frame-writer.ts';

/** A stream below a websocket. Frames arrive at once, or with `release`; `arrived` has their messages as ws parses them. */
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

test('messages of all three length formats are frames that ws can parse', () => {
  const { raw, arrived } = createWire({ isSlow: false });
  const writeFrame = createFrameWriter();
  for (const length of [0, 1, 124, 125, 126, 65_534, 65_535, 65_536, 200_000]) {
    writeFrame(raw, '<', Buffer.from('x'.repeat(length)));
    expect(arrived.pop()).toBe(`<${'x'.repeat(length)}`);
  }
});

test('several messages in one write are frames that ws can parse', () => {
  const { raw, arrived } = createWire({ isSlow: false });
  const texts = [0, 124, 65_600, 3, 200].map((length) => 'x'.repeat(length));
  raw.write(
    createFrames(
      '<',
      texts.map((text) => Buffer.from(text)),
    ),
  );
  expect(arrived).toEqual(texts.map((text) => `<${text}`));
});

test('each websocket gets its own prefix', () => {
  const writeFrame = createFrameWriter();
  const wires = ['a1', 'b2', 'ccc', 'd4'].map((id) => ({ id, ...createWire({ isSlow: false }) }));
  for (const text of ['one', 'two']) {
    const body = Buffer.from(text);
    for (const { id, raw } of wires) writeFrame(raw, id, body);
  }
  expect(wires.map(({ arrived }) => arrived)).toEqual(wires.map(({ id }) => [`${id}one`, `${id}two`]));
});

test('a frame that is still in the buffer of a slow websocket is not overwritten', () => {
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
