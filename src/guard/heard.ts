import { CORRECTION_WINDOW } from './correction-window.ts';
import { type LanguageVotes, voteLanguage } from './language.ts';
import type { CallView, Signal, Slot } from './signal.ts';
import { LEXICON } from './signals/index.ts';
import { wordsSinceReading } from './signals/quoting.ts';
import type { Word } from './types.ts';
import { readUtterance, type Said } from './utterance.ts';

/** What the transcript so far amounts to. Replaced as a whole, so that an earlier one can be gone back to. */
export interface Reading {
  /** One slot for each signal that follows the transcript, in registry order. */
  readonly slots: readonly Slot<unknown>[];
  readonly votes: LanguageVotes;
  readonly callerWords: number;
  readonly callerTurns: number;
  /** The caller's last utterances, newest last. */
  readonly said: readonly (readonly string[])[];
  /** The caller's words since they began to read something out. */
  readonly sinceReading: number;
}

/** Utterances of the caller that are remembered, to recognise a repeat. */
const REMEMBERED = 8;

interface Snapshot {
  readonly said: Said;
  readonly before: Reading;
}

/** The transcript as read: the reading now, and the last utterances with the readings before them. */
export interface Heard {
  readonly reading: Reading;
  readonly recent: readonly Snapshot[];
  readonly nextIndex: number;
}

export const startHearing = (signals: readonly Signal[]): Heard => ({
  reading: {
    slots: signals.map((one) => ({ own: one.start, evidence: null })),
    votes: {},
    callerWords: 0,
    callerTurns: 0,
    said: [],
    sinceReading: Number.POSITIVE_INFINITY,
  },
  recent: [],
  nextIndex: 0,
});

function observe(signals: readonly Signal[], now: Reading, before: Reading, said: Said, view: CallView): Reading {
  const seen = { type: 'said', said } as const;
  const slots = signals.map((one, i) => {
    const earlier = before.slots[i] as Slot<unknown>;
    return one.observe(said.stable > 0 ? (now.slots[i] as Slot<unknown>) : earlier, seen, earlier, view);
  });
  if (said.role === 'agent') return { ...before, slots };
  return {
    slots,
    votes: voteLanguage(before.votes, said.tokens.words),
    callerWords: before.callerWords + said.tokens.words.length,
    callerTurns: before.callerTurns + 1,
    said: [...before.said.slice(1 - REMEMBERED), said.tokens.words],
    sinceReading: wordsSinceReading(said),
  };
}

/**
 * The transcript with utterance `index` new, grown or corrected. A correction of an earlier utterance goes back to
 * the reading before it and reads on from there; one older than the correction window is only taken from index 0 on
 * (the codec then re-sends everything), else it is left as it was read.
 */
export function hear(
  signals: readonly Signal[],
  heard: Heard,
  role: Said['role'],
  index: number,
  text: string,
  words: readonly Word[],
  view: CallView,
): { readonly heard: Heard; readonly said: Said | null } {
  const at = heard.recent.findIndex((one) => one.said.index === index);
  const known = heard.recent[at];
  if (!known && index < heard.nextIndex && index !== 0) return { heard, said: null };
  const base = !known && index === 0 ? startHearing(signals) : heard;
  const before = known ? known.before : base.reading;
  const said = readUtterance(LEXICON, role, index, text, words, known?.said, before.sinceReading);
  const last = at === heard.recent.length - 1;
  // Own states of the very last utterance go on growing; an earlier one is read from its beginning.
  let reading = observe(
    signals,
    last ? base.reading : before,
    before,
    known && last ? said : { ...said, stable: 0 },
    view,
  );
  const recent: Snapshot[] = known ? base.recent.slice(0, at) : base.recent.slice(-CORRECTION_WINDOW);
  recent.push({ said, before });
  for (const later of known ? heard.recent.slice(at + 1) : []) {
    const again: Said = { ...later.said, stable: 0, sinceReading: reading.sinceReading };
    recent.push({ said: again, before: reading });
    reading = observe(signals, reading, reading, again, view);
  }
  return { heard: { reading, recent, nextIndex: Math.max(base.nextIndex, index + 1) }, said };
}

/** The transcript cut to `length` utterances. */
export function cutTranscript(signals: readonly Signal[], heard: Heard, length: number): Heard {
  if (length >= heard.nextIndex) return heard;
  if (length === 0) return startHearing(signals);
  const at = heard.recent.findIndex((one) => one.said.index >= length);
  const first = heard.recent[at];
  if (!first) return heard;
  return { reading: first.before, recent: heard.recent.slice(0, at), nextIndex: length };
}
