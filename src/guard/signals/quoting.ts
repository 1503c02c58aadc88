import type { Hit } from '../lexicon.ts';
import type { Said } from '../utterance.ts';

const REPORTS = 'quoting:reports';
const READS = 'quoting:reads';
/** Words after a report that still belong to it, within the utterance; and after somebody began to read something out. */
const REPORTED_WORDS = 25;
export const READ_WORDS = 150;

/**
 * Words by which a person tells of a message or menu instead of being one: "your message told me to press one",
 * "I got a letter, it says ...". What follows is quoted.
 */
export const quotingPhrases: Readonly<Record<string, readonly string[]>> = {
  [REPORTS]: [
    'i (just|already|) (pressed|dialed|dialled|hit|pushed)',
    'told me',
    'telling me',
    'asked me',
    'asking me',
    'saying that',
    'which said',
    'that says',
    'it was like',
    '(he|she|they|someone|somebody|lady|guy) (just|then|only|keeps|kept|) (said|says|say|saying|tells|told|telling|asked|asks|asking|wants|wanted)',
    'me dijo',
    'me dijeron',
    'on ma dit',
    'mir wurde gesagt',
  ],
  [READS]: [
    'i (just|keep|kept|was|have|ve|also|) ~1 (got|get|gotten|getting|received|had|hearing|heard) ~4 (call|calls|message|messages|voicemail|robocall|recording|email|letter|text|notice|bill)',
    '(it|message|recording|menu|system|machine|voice|letter|email|notice|call|thing|robot|text) (just|then|only|keeps|kept|) (said|says|say|saying|tells|told|telling|asked|asks|asking|reads|wanted)',
    '(read|reading) (it|this|that|the letter|the notice|the message) ~1 (out|to you|aloud|for you)',
    '(read|reading) you (the|this|what)',
    'let me read',
    'decia que',
    'dice que',
    'el mensaje decia',
    'recibi (un|una) (mensaje|llamada|carta)',
    'me llego',
    'jai recu',
    'le message disait',
    'ich habe ~4 (anruf|nachricht|brief) (bekommen|erhalten)',
  ],
};

/** Whether a phrase is somebody else's words. `said.sinceReading`: the caller's words since they began to read out. */
export function isQuoted(said: Said, hit: Hit): boolean {
  if (said.sinceReading + hit.from <= READ_WORDS) return true;
  return said.hits.some(
    (other) =>
      other.from <= hit.from &&
      ((other.tag === REPORTS && hit.from - other.to <= REPORTED_WORDS) ||
        (other.tag === READS && hit.from - other.to <= READ_WORDS)),
  );
}

/** Words of the caller since they began to read or report, at the end of `said`; Infinity when they did not. */
export function wordsSinceReading(said: Said): number {
  const last = said.hits.findLast((hit) => hit.tag === READS);
  const words = said.tokens.words.length;
  return last ? words - last.to : said.sinceReading + words;
}
