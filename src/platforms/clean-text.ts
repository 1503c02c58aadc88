const UNWANTED = /[\0\ud800-\udfff]/;
// With `u`, a surrogate that has its partner is no surrogate any more.
const NUL_OR_LONE_SURROGATE = /\0|\p{Surrogate}/gu;

/**
 * Text from outside as data that every store and encoder takes: NUL is dropped (PostgreSQL refuses it), a lone
 * surrogate becomes U+FFFD (it has no UTF-8).
 */
export function cleanText(text: string): string {
  if (!UNWANTED.test(text)) return text;
  return text.replace(NUL_OR_LONE_SURROGATE, (found) => (found === '\0' ? '' : '\ufffd'));
}
