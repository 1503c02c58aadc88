// With `u`, a surrogate that has its partner is no surrogate any more.
const NUL_OR_LONE_SURROGATE = /\0|\p{Surrogate}/gu;

/**
 * Text from outside as data that every store and encoder takes: NUL is dropped (PostgreSQL refuses it), a lone
 * surrogate becomes U+FFFD (it has no UTF-8).
 */
export function cleanText(text: string): string {
  if (!hasUnwanted(text)) return text;
  return text.replace(NUL_OR_LONE_SURROGATE, (found) => (found === '\0' ? '' : '\ufffd'));
}

/** NUL or a surrogate, paired or not. Nearly all texts are single words, for which a loop is quicker than a pattern. */
function hasUnwanted(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0 || (unit & 0xf800) === 0xd800) return true;
  }
  return false;
}
