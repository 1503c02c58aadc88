import { newest } from '../newest.ts';
import { type Slot, signal } from '../signal.ts';
import { tokenize } from '../tokens.ts';
import type { Said } from '../utterance.ts';
import { hashWords, overlapsBy, type Vocabulary, vocabularyOf } from '../vocabulary.ts';

interface Own {
  /** The agent's questions before the last, newest last; of one that the caller left unanswered no word is kept. */
  readonly earlier: readonly Vocabulary[];
  readonly last: Vocabulary | null;
  /** The caller has spoken after the last one. */
  readonly answered: boolean;
  /** Times that the agent asked the same thing again although the caller had spoken in between. */
  readonly again: number;
}

const REMEMBERED = 6;
const SAME_QUESTION = 0.7;
/** Shorter questions ("Anything else?") are asked twice in good calls. */
const ENOUGH_WORDS = 5;
const UNANSWERED: Vocabulary = [];

function evidenceOf(again: number, said: Said): Slot<Own>['evidence'] {
  if (again === 0) return null;
  return {
    level: again === 1 ? 'once' : again === 2 ? 'twice' : 'often',
    reason: `the agent had to ask the same thing again, ${again} time${again === 1 ? '' : 's'}`,
    values: { again },
    span: { index: said.index, from: 0, to: said.text.length },
  };
}

/** The agent had to ask the same thing again: what the caller said was no answer to it. */
export const askedAgain = signal<Own>({
  name: 'asked-again',
  follows: 'transcript',
  start: { earlier: [], last: null, answered: false, again: 0 },
  observe(slot, seen, before) {
    if (seen.type !== 'said') return slot;
    const { said } = seen;
    const { earlier, last, answered, again } = before.own;
    if (said.role === 'caller') {
      if (!last || answered || said.tokens.words.length === 0) return before;
      // One word is enough: the same slot as long as the utterance grows.
      if (said.stable > 0) return slot;
      return { own: { earlier, last, answered: true, again }, evidence: before.evidence };
    }
    if (!/[?？؟]$/.test(said.text.trimEnd())) return before;
    const hashes = hashWords(tokenize(said.text).words);
    if (hashes.length < ENOUGH_WORDS) return before;
    const words = vocabularyOf(hashes);
    const known = answered && last ? last : UNANSWERED;
    const same = [known, ...earlier].some((old) => overlapsBy(old, words, SAME_QUESTION));
    const asked = last ? newest(earlier, known, REMEMBERED - 1) : earlier;
    const own: Own = { earlier: asked, last: words, answered: false, again: again + (same ? 1 : 0) };
    return { own, evidence: evidenceOf(own.again, said) };
  },
});
