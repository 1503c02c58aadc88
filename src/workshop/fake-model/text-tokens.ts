/** About as long as a token of English is, its space included. */
const CHARS_PER_TOKEN = 4;

/** A text in pieces of a token's size; joined they are the text again. Never half a character. */
export function inTokens(text: string): string[] {
  return text.match(/\s*\S{1,5}|\s+/gu) ?? [];
}

/** Tokens that a prompt would have, roughly. */
export function promptTokens(chars: number): number {
  return Math.ceil(chars / CHARS_PER_TOKEN);
}
