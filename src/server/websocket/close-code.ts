import { CLOSE_CODES } from '../../error-codes.ts';

// Payload of a close frame without its code (RFC 6455, 5.5).
const MAX_REASON_BYTES = 123;

interface Closable {
  close(code: number, reason: string): void;
}

/** Closes the websocket. `reason` is needed where the table of close codes has none. */
export function closeSocket(socket: Closable, name: keyof typeof CLOSE_CODES, reason = '') {
  const close = CLOSE_CODES[name];
  socket.close(close.code, toCloseReason(close.reason ?? reason));
}

/** The text, cut at a whole character where it is longer than a close frame can hold. */
export function toCloseReason(text: string): string {
  if (Buffer.byteLength(text) <= MAX_REASON_BYTES) return text;
  const bytes = Buffer.from(text).subarray(0, MAX_REASON_BYTES - Buffer.byteLength('…'));
  // In streaming mode the decoder leaves out a last character that is incomplete.
  return `${new TextDecoder().decode(bytes, { stream: true })}…`;
}
