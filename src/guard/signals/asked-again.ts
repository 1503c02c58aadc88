import { signal } from '../signal.ts';
import { overlapOfWords } from '../tokens.ts';

interface Asked {
  readonly index: number;
  readonly words: readonly string[];
  /** The caller has spoken after it. */
  readonly answered: boolean;
}

interface Own {
  /** The agent's last questions, newest last. */
  readonly asked: readonly Asked[];
  /** Times that the agent asked the same thing again although the caller had spoken in between. */
  readonly again: number;
}

const REMEMBERED = 6;
const SAME_QUESTION = 0.7;
/** Shorter questions ("Anything else?") are asked twice in good calls. */
const ENOUGH_WORDS = 5;

/** The agent had to ask the same thing again: what the caller said was no answer to it. */
export const askedAgain = signal<Own>({
  name: 'asked-again',
  follows: 'transcript',
  start: { asked: [], again: 0 },
  observe(slot, seen, before) {
    if (seen.type !== 'said') return slot;
    const { said } = seen;
    if (said.role === 'caller') {
      if (before.own.asked.length === 0 || said.tokens.words.length === 0) return before;
      const last = before.own.asked[before.own.asked.length - 1];
      if (!last || last.answered) return before;
      return {
        own: { ...before.own, asked: [...before.own.asked.slice(0, -1), { ...last, answered: true }] },
        evidence: before.evidence,
      };
    }
    const words = said.tokens.words;
    if (words.length < ENOUGH_WORDS || !/[?？؟]\s*$/.test(said.text)) return before;
    const same = before.own.asked.some((old) => old.answered && overlapOfWords(old.words, words) >= SAME_QUESTION);
    const own: Own = {
      asked: [...before.own.asked.slice(-(REMEMBERED - 1)), { index: said.index, words, answered: false }],
      again: before.own.again + (same ? 1 : 0),
    };
    if (own.again === 0) return { own, evidence: null };
    return {
      own,
      evidence: {
        level: own.again === 1 ? 'once' : own.again === 2 ? 'twice' : 'often',
        reason: `the agent had to ask the same thing again, ${own.again} time${own.again === 1 ? '' : 's'}`,
        values: { again: own.again },
        span: { index: said.index, from: 0, to: said.text.length },
      },
    };
  },
});
