const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [LIST_START, LIST_END] = [0x5b, 0x5d];
const [OBJECT_START, OBJECT_END] = [0x7b, 0x7d];

/**
 * Whether JSON nests lists and objects deeper than `max` levels. Reads the text once and does not recurse, so that it can judge a message
 * before anything else looks at it: what recurses over a value, such as JSON.stringify, throws after some thousand levels.
 */
export function isNestedDeeper(text: string, max: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) at = findStringEnd(text, at);
    else if (unit === LIST_END || unit === OBJECT_END) depth -= 1;
    else if (unit === LIST_START || unit === OBJECT_START) {
      depth += 1;
      if (depth > max) return true;
    }
  }
  return false;
}

/** Index of the quote that ends the string; the length of the text where it does not end. */
function findStringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) return at;
    if (unit === BACKSLASH) at += 1;
  }
  return text.length;
}
