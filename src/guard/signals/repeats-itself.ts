import { type Slot, signal } from '../signal.ts';
import { type Said, spanOf } from '../utterance.ts';

/** Words that make one gram; shorter runs recur in ordinary speech. */
const GRAM = 5;
const REMEMBERED = 16;
/** Runs from here on are more than a person's "as I said". */
const PART_WORDS = 12;
const LOOP_WORDS = 24;

interface Own {
  /** Grams of the caller's earlier utterances, newest last. */
  readonly earlier: readonly ReadonlySet<string>[];
  readonly current: { readonly index: number; readonly words: readonly string[] } | null;
  /** Words of the current utterance that were compared, and the run that ends there. */
  readonly compared: number;
  readonly run: number;
  readonly longest: number;
  readonly repeats: number;
  /** The agent has just asked for it to be said again: then people repeat themselves. */
  readonly asked: boolean;
}

/** An agent who asks for a repeat, in the languages of the prompts. */
const ASKS_AGAIN =
  /\b(again|repeat|catch that|say that|pardon|once more|did not get|didn't get|de nuevo|otra vez|repet|répét|encore une fois|wiederhol|noch einmal|nochmal|de novo|outra vez|nhắc lại|nói lại|ankò|repete)|再说|重复|أعد|تكرر|مرة أخرى|फिर से|दोबारा/iu;

function gramsOf(words: readonly string[]): ReadonlySet<string> {
  const grams = new Set<string>();
  for (let i = GRAM; i <= words.length; i++) grams.add(words.slice(i - GRAM, i).join(' '));
  return grams;
}

function compare(own: Own, said: Said): Own {
  const words = said.tokens.words;
  let { run, longest, repeats } = own;
  for (let i = Math.max(GRAM, own.compared + 1); i <= words.length; i++) {
    const gram = words.slice(i - GRAM, i).join(' ');
    if (own.earlier.some((set) => set.has(gram))) {
      run = run === 0 ? GRAM : run + 1;
      if (run === PART_WORDS) repeats++;
      longest = Math.max(longest, run);
    } else {
      run = 0;
    }
  }
  return { ...own, current: { index: said.index, words }, compared: words.length, run, longest, repeats };
}

function evidenceOf(own: Own, said: Said): Slot<Own>['evidence'] {
  if (own.longest < PART_WORDS) return null;
  const level =
    own.longest >= LOOP_WORDS ? (own.repeats > 1 ? 'loop-again' : 'loop') : own.repeats > 1 ? 'parts' : 'part';
  return {
    level,
    category: 'recorded_message',
    reason: `said ${own.longest} words in a row a second time`,
    values: { longest: own.longest, repeats: own.repeats },
    span: spanOf(said, Math.max(0, said.tokens.words.length - own.longest), said.tokens.words.length),
  };
}

/** The caller says long runs of words again, word for word: a tape that loops. */
export const repeatsItself = signal<Own>({
  name: 'repeats-itself',
  follows: 'transcript',
  start: { earlier: [], current: null, compared: 0, run: 0, longest: 0, repeats: 0, asked: false },
  observe(slot, seen, before) {
    if (seen.type !== 'said') return before;
    const { said } = seen;
    if (said.role === 'agent') {
      const asked = ASKS_AGAIN.test(said.text);
      return asked === before.own.asked ? before : { ...before, own: { ...before.own, asked } };
    }
    const grows = slot.own.current?.index === said.index && said.stable >= slot.own.compared && slot.own.compared > 0;
    const base = grows ? slot.own : begin(before.own);
    const own = before.own.asked
      ? { ...base, current: { index: said.index, words: said.tokens.words } }
      : compare(base, said);
    const known = own.longest <= before.own.longest && own.repeats === before.own.repeats;
    return { own, evidence: before.evidence && known ? before.evidence : evidenceOf(own, said) };
  },
});

/** The utterance before this one is finished: its grams are remembered. */
function begin(own: Own): Own {
  const earlier = own.current ? [...own.earlier.slice(-(REMEMBERED - 1)), gramsOf(own.current.words)] : own.earlier;
  return { ...own, earlier, current: null, compared: 0, run: 0 };
}
