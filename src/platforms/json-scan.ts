const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Where the `count`th element of a JSON array ends: the offset of the comma or bracket behind it, or -1 when the
 * array holds fewer. `start` is the offset of the array's content (behind `[`, or behind a comma).
 *
 * The bytes must come from a document that `JSON.parse` has accepted: nothing is validated here. Iterative, so that
 * no depth of nesting overflows the stack; UTF-8 needs no care, since all bytes of a multi-byte character are >= 0x80.
 */
export function endOfElement(bytes: Uint8Array, start: number, count: number): number {
  let depth = 0;
  let left = count;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at++;
      while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    } else if (byte === COMMA) {
      if (depth === 0 && --left === 0) return at;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth++;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (depth === 0) return left === 1 ? at : -1;
      depth--;
    }
  }
  return -1;
}
