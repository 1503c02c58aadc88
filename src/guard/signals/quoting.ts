import type { Hit } from '../lexicon.ts';
import type { Said } from '../utterance.ts';

const TAG = 'quoting:reports';

/**
 * Words by which a person tells of a message or menu instead of being one: "your message told me to press one",
 * "I got a call that said ...". What follows within the same utterance is quoted.
 */
export const quotingPhrases: Readonly<Record<string, readonly string[]>> = {
  [TAG]: [
    'i (just|keep|kept|was|have been|ve been|) (got|get|gotten|getting|received|had|hearing|heard|told) ~4 (call|calls|message|messages|voicemail|robocall|recording|email|letter|text|to)',
    'i (just|already|) (pressed|dialed|dialled|hit|pushed)',
    '(it|he|she|they|someone|somebody|message|recording|menu|system|machine|voice|letter|email|call|thing|robot|lady|guy) (just|then|only|keeps|kept|) (said|says|say|saying|tells|told|telling|asked|asks|asking|wants|wanted)',
    'told me',
    'telling me',
    'asked me',
    'asking me',
    'saying that',
    'which said',
    'that said',
    'that says',
    'it was like',
    'me dijo',
    'me dijeron',
    'decia que',
    'el mensaje decia',
    'recibi (un|una) (mensaje|llamada)',
    'me llego',
    'on ma dit',
    'jai recu',
    'le message disait',
    'mir wurde gesagt',
    'ich habe ~4 (anruf|nachricht) (bekommen|erhalten)',
  ],
};

/** Whether a phrase stands after words of report in the same utterance, at most 25 words before it. */
export function isQuoted(said: Said, hit: Hit): boolean {
  for (const other of said.hits) {
    if (other.tag === TAG && other.from <= hit.from && hit.from - other.to <= 25) return true;
  }
  return false;
}
