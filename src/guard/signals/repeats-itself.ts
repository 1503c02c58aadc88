import { newest } from '../newest.ts';
import { type Slot, signal } from '../signal.ts';
import { type Said, spanOf } from '../utterance.ts';

/** Words that make one gram; shorter runs recur in ordinary speech. */
const GRAM = 5;
const REMEMBERED = 16;
/** Runs from here on are more than a person's "as I said". */
const PART_WORDS = 12;
const LOOP_WORDS = 24;

/** Hashes of an utterance's words. */
type Hashes = readonly number[];
/** Takes its place among what is remembered, and no memory. */
const TOO_SHORT: Hashes = [];

interface Own {
  /** The caller's earlier utterances, newest last. */
  readonly earlier: readonly Hashes[];
  readonly current: Hashes | null;
  /** Words of the current utterance that were compared, and the run that ends there. */
  readonly compared: number;
  readonly run: number;
  readonly longest: number;
  readonly repeats: number;
  /** The agent's last line; and whether, before the current utterance, it asked for it to be said again. */
  readonly line: string;
  readonly asked: boolean;
}

/** An agent who asks for a repeat, in the languages of the prompts: then people repeat themselves. */
const ASKS_AGAIN =
  /\b(again|repeat|catch that|say that|pardon|once more|did not get|didn't get|de nuevo|otra vez|repet|répét|encore une fois|wiederhol|noch einmal|nochmal|de novo|outra vez|nhắc lại|nói lại|ankò|repete)|再说|重复|أعد|تكرر|مرة أخرى|फिर से|दोबारा/iu;

/** Whether the gram that ends before `end` stands in an earlier utterance. */
function saidBefore(earlier: readonly Hashes[], words: Hashes, end: number): boolean {
  const last = words[end - 1];
  for (let n = 0; n < earlier.length; n++) {
    const old = earlier[n] as Hashes;
    for (let i = GRAM - 1; i < old.length; i++) {
      if (old[i] !== last) continue;
      let same = 1;
      while (same < GRAM && old[i - same] === words[end - 1 - same]) same++;
      if (same === GRAM) return true;
    }
  }
  return false;
}

function compare(own: Own, words: Hashes): Own {
  let { run, longest, repeats } = own;
  for (let end = Math.max(GRAM, own.compared + 1); end <= words.length; end++) {
    if (saidBefore(own.earlier, words, end)) {
      run = run === 0 ? GRAM : run + 1;
      if (run === PART_WORDS) repeats++;
      longest = Math.max(longest, run);
    } else {
      run = 0;
    }
  }
  const { earlier, line, asked } = own;
  return { earlier, current: words, compared: words.length, run, longest, repeats, line, asked };
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
  start: { earlier: [], current: null, compared: 0, run: 0, longest: 0, repeats: 0, line: '', asked: false },
  observe(slot, seen, before) {
    if (seen.type !== 'said') return before;
    const { said } = seen;
    if (said.role === 'agent') return { own: { ...before.own, line: said.text }, evidence: before.evidence };
    const known = said.stable > 0;
    const grows = known && said.stable >= slot.own.compared && slot.own.compared > 0;
    const base = grows ? slot.own : begin(before.own, known ? slot.own.asked : ASKS_AGAIN.test(before.own.line));
    const own = base.asked ? { ...base, current: said.hashes } : compare(base, said.hashes);
    const nothingNew = own.longest <= before.own.longest && own.repeats === before.own.repeats;
    return { own, evidence: before.evidence && nothingNew ? before.evidence : evidenceOf(own, said) };
  },
});

/** The utterance before this one is finished: it is remembered. */
function begin({ earlier, current, longest, repeats, line }: Own, asked: boolean): Own {
  return {
    earlier: current ? newest(earlier, current.length < GRAM ? TOO_SHORT : current, REMEMBERED) : earlier,
    current: null,
    compared: 0,
    run: 0,
    longest,
    repeats,
    line,
    asked,
  };
}
