import type { Duplex } from 'node:stream';

const WHOLE_TEXT = 0x81;
const LENGTH_IN_2_BYTES = 126;
const LENGTH_IN_8_BYTES = 127;

export type FrameWriter = ReturnType<typeof createFrameWriter>;

/**
 * Writes text messages as frames of the websocket protocol, each in one piece: ws would write head and body apart, which takes
 * twice the time. Of messages that differ in their beginning alone, the frame is made once and its beginning written over.
 */
export function createFrameWriter() {
  let frame: Buffer | undefined;
  let head = 0;
  let newest: { beginLength: number; body: Buffer } | undefined;

  /** Writes to what a websocket without compression lies on. The message is these two, of which the first is ASCII. */
  return function writeFrame(raw: Duplex, begin: string, body: Buffer) {
    const beginLength = begin.length;
    if (!frame || newest?.body !== body || newest.beginLength !== beginLength) {
      head = headLength(beginLength + body.length);
      frame = makeFrame(head, beginLength + body.length);
      frame.set(body, head + beginLength);
      newest = { beginLength, body };
    }
    frame.write(begin, head, 'latin1');
    raw.write(frame);
    // What was not taken at once lies in the socket's buffer, and must stay as it is.
    if (raw.writableLength > 0) frame = undefined;
  };
}

function headLength(length: number): number {
  if (length < LENGTH_IN_2_BYTES) return 2;
  return length < 65_536 ? 4 : 10;
}

/** With its head; a server's frames are not masked. */
function makeFrame(head: number, length: number): Buffer {
  const frame = Buffer.allocUnsafeSlow(head + length);
  frame[0] = WHOLE_TEXT;
  if (head === 2) {
    frame[1] = length;
  } else if (head === 4) {
    frame[1] = LENGTH_IN_2_BYTES;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_IN_8_BYTES;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  return frame;
}
