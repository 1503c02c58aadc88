/** CSI and OSC sequences, in their 7-bit and 8-bit forms, then whatever other escape there is. */
const ESCAPES =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:\u001b\]|\u009d)[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b./gsu;
const SPACES = /[\s\u0085\u2028\u2029]+/gu;
/** Control characters, and those that turn the direction of text or show as nothing. */
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

/**
 * Text of a caller (or of anyone who can choose a call id) for a terminal: one line, without escape sequences,
 * control characters and direction marks; cut after `max` characters.
 */
export function printable(text: string, max = 500): string {
  // Cut first: what a caller says can be long, and only the beginning is shown.
  const clean = text
    .slice(0, max * 2)
    .replace(ESCAPES, '')
    .replace(SPACES, ' ')
    .replace(UNSEEN, '')
    .trim();
  return clean.length > max ? `${clean.slice(0, max - 1)}…`.replace(/\p{Surrogate}…$/u, '…') : clean;
}

/** JSON for a terminal or a pipe: the same value, with everything that a terminal could act on written as an escape. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
