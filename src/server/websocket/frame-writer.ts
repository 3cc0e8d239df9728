import type { Duplex } from 'node:stream';

// Frame format: RFC 6455, 5.2. The first byte is FIN and the opcode of a text frame.
const FINAL_TEXT_FRAME = 0x81;
const LENGTH_IN_2_BYTES = 126;
const LENGTH_IN_8_BYTES = 127;

export type FrameWriter = ReturnType<typeof createFrameWriter>;

/**
 * Writes text messages as websocket frames, each with one write: ws writes header and body separately, which takes twice the time.
 * Reuses the frame while consecutive messages have the same body and a prefix of the same length (fan-out): only the prefix
 * is overwritten.
 */
export function createFrameWriter() {
  let frame: Buffer | undefined;
  let headerLength = 0;
  let newest: { prefixLength: number; body: Buffer } | undefined;

  /** Writes `prefix`, which must be ASCII, and `body` as one message. `raw` is the stream below a websocket without compression. */
  return function writeFrame(raw: Duplex, prefix: string, body: Buffer) {
    const prefixLength = prefix.length;
    if (!frame || newest?.body !== body || newest.prefixLength !== prefixLength) {
      headerLength = headerLengthOf(prefixLength + body.length);
      frame = createFrame(headerLength, prefixLength + body.length);
      frame.set(body, headerLength + prefixLength);
      newest = { prefixLength, body };
    }
    frame.write(prefix, headerLength, 'latin1');
    raw.write(frame);
    // The stream's buffer still refers to a frame that was not sent at once: it must not be overwritten.
    if (raw.writableLength > 0) frame = undefined;
  };
}

function headerLengthOf(messageLength: number): number {
  if (messageLength < LENGTH_IN_2_BYTES) return 2;
  return messageLength < 65_536 ? 4 : 10;
}

/** Frames of several messages with the same prefix, which must be ASCII, one after the other. */
export function createFrames(prefix: string, bodies: readonly Buffer[]): Buffer {
  const lengths = bodies.map(({ length }) => prefix.length + length);
  const frames = Buffer.allocUnsafe(
    lengths.reduce((sum, length) => sum + headerLengthOf(length) + length, 0),
  );
  let at = 0;
  for (const [index, body] of bodies.entries()) {
    at = writeHeader(frames, at, lengths[index] as number);
    at += frames.write(prefix, at, 'latin1');
    frames.set(body, at);
    at += body.length;
  }
  return frames;
}

/** A frame with its header. */
function createFrame(headerLength: number, messageLength: number): Buffer {
  const frame = Buffer.allocUnsafeSlow(headerLength + messageLength);
  writeHeader(frame, 0, messageLength);
  return frame;
}

/** Writes the header of a frame, and returns where it ends. Frames of a server are not masked. */
function writeHeader(target: Buffer, at: number, messageLength: number): number {
  const headerLength = headerLengthOf(messageLength);
  target[at] = FINAL_TEXT_FRAME;
  if (headerLength === 2) {
    target[at + 1] = messageLength;
  } else if (headerLength === 4) {
    target[at + 1] = LENGTH_IN_2_BYTES;
    target.writeUInt16BE(messageLength, at + 2);
  } else {
    target[at + 1] = LENGTH_IN_8_BYTES;
    target.writeBigUInt64BE(BigInt(messageLength), at + 2);
  }
  return at + headerLength;
}
