// A close frame has room for no more.
const MAX_REASON_BYTES = 123;

/** The text as a close frame can hold it, cut where it is too long. */
export function toCloseReason(text: string): string {
  if (Buffer.byteLength(text) <= MAX_REASON_BYTES) return text;
  // Told that more follows, the decoder leaves out a last character that is cut in two.
  const start = new TextDecoder().decode(Buffer.from(text).subarray(0, MAX_REASON_BYTES - 3), {
    stream: true,
  });
  return `${start}…`;
}
