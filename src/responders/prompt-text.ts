/** Direction marks, zero-width characters and the invisible "tag" letters. Joiners stay: Persian and Hindi need them. */
const INVISIBLE = /[\u202A-\u202E\u2066-\u2069\u200B\u2060\uFEFF\u{E0000}-\u{E007F}]/gu;
const OPENING = /[<＜﹤⟨〈]/gu;
const CLOSING = /[>＞﹥⟩〉]/gu;
/** Half a surrogate pair (from a cut, or as sent) is no UTF-8: servers in Python answer it with an error. */
const HALF_PAIR = /\p{Cs}/gu;

/** What nearly all speech is made of, none of which is changed: one look instead of five. */
const PLAIN = /^[\x20-\x3B=\x3F-\x7E\u00A1-\u167F\u2010-\u2027\u3001-\u3007\u3010-\uD7FF]*$/;

/**
 * Speech has no line breaks, control characters, direction marks or angle brackets; a text that tries to pass for a
 * message of the system needs one of them. Brackets of any width become ‹ ›, so chat-template tokens break as well.
 */
export function asSpeech(text: string): string {
  if (PLAIN.test(text) && !text.includes('  ')) return text.trim();
  return withoutTags(text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')).trim();
}

/** Data of third parties: keeps its lines, and can write no tag either. */
export function asData(text: string): string {
  return withoutTags(text.replace(/\r\n?|[\p{Zl}\p{Zp}]/gu, '\n').replace(/(?![\n\t])\p{Cc}/gu, ' ')).trim();
}

/** Also for JSON: brackets stand there in strings only. */
export function withoutTags(text: string): string {
  return text.replace(HALF_PAIR, '').replace(INVISIBLE, '').replace(OPENING, '‹').replace(CLOSING, '›');
}
