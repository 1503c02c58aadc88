import type { ReceptionLines } from './lines/reception-lines.ts';

/** What the caller's turn is, as far as a receptionist needs to know it. */
export type Intent = 'unheard' | 'bye' | 'wait' | 'hello' | 'thanks' | 'noted' | 'question' | 'yes' | 'no' | 'more';

/** Only the end of a turn is looked at; the rest of a long speech changes nothing. */
const LOOKED_AT = 600;
/** A goodbye stands at the end of what is said. */
const GOODBYE_WITHIN = 60;
/** A greeting, a thanks, a yes or a no is the turn only when hardly anything else is in it. */
const SHORT_WORDS = 5;
const SHORT_CHARS = 32;
/** The text that a platform puts where speech had no words. */
const UNINTELLIGIBLE = /^\((?:unintelligible|inaudible)[^)]*\)$/i;
const SPELLED = /(?<![\p{L}\p{M}\p{N}])(?:[\p{L}\p{N}][\s.,-]+){2,}[\p{L}\p{N}](?![\p{L}\p{M}\p{N}])/u;
const DIGITS = /(?:\p{Nd}[\s.-]?){4}/u;

/** Sorts one turn of the caller. Pure; reads at most the last 600 characters. */
export function intentOf(said: string, hears: ReceptionLines['hears']): Intent {
  const text = said.slice(-LOOKED_AT).trim();
  if (!/[\p{L}\p{N}]/u.test(text) || UNINTELLIGIBLE.test(text)) return 'unheard';
  const asks = /[?？؟]\s*$/u.test(text);
  if (!asks && hears.bye.test(text.slice(-GOODBYE_WITHIN))) return 'bye';
  if (hears.wait.test(text)) return 'wait';
  const short = text.length <= SHORT_CHARS && text.split(/\s+/).length <= SHORT_WORDS;
  if (short && hears.hello.test(text)) return 'hello';
  if (short && hears.thanks.test(text)) return 'thanks';
  if (SPELLED.test(text) || DIGITS.test(text) || hears.numbers.test(text)) return 'noted';
  if (asks || hears.question.test(text)) return 'question';
  if (short && hears.yes.test(text)) return 'yes';
  if (short && hears.no.test(text)) return 'no';
  return 'more';
}
