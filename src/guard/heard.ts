import { CORRECTION_WINDOW } from './correction-window.ts';
import { type LanguageVotes, voteLanguage } from './language.ts';
import { newest } from './newest.ts';
import type { CallView, Signal, Slot } from './signal.ts';
import { LEXICON } from './signals/index.ts';
import { wordsSinceReading } from './signals/quoting.ts';
import { type Line, readLine, type Said } from './utterance.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What the transcript so far amounts to. Replaced as a whole, so that an earlier one can be gone back to. */
export interface Reading {
  /** One slot for each signal that follows the transcript, in registry order. */
  readonly slots: readonly Slot<unknown>[];
  readonly votes: LanguageVotes;
  readonly callerWords: number;
  readonly callerTurns: number;
  /** The caller's last utterances, newest last. */
  readonly said: readonly Vocabulary[];
  /** The caller's words since they began to read something out. */
  readonly sinceReading: number;
}

/** Utterances of the caller that are remembered, to recognise a repeat. */
const REMEMBERED = 8;

/** A line of the transcript, and the reading before it. */
interface Snapshot {
  readonly line: Line;
  /** Words of the caller in it. */
  readonly words: number;
  readonly before: Reading;
}

/** The transcript as read: the reading now, and the last utterances with the readings before them. */
export interface Heard {
  readonly reading: Reading;
  readonly recent: readonly Snapshot[];
  /** The newest utterance as it was read: the one that grows. Older ones are read again when they are corrected. */
  readonly newest: Said | undefined;
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
  newest: undefined,
  nextIndex: 0,
});

/** The reading after `said`; `now` is the reading after what it was when last looked at, `before` the one before it. */
function observe(signals: readonly Signal[], now: Reading, before: Reading, said: Said, view: CallView): Reading {
  const seen = { type: 'said', said } as const;
  const grows = said.stable > 0;
  let slots: Slot<unknown>[] | undefined;
  for (let i = 0; i < signals.length; i++) {
    const earlier = before.slots[i] as Slot<unknown>;
    const next = (signals[i] as Signal).observe(grows ? (now.slots[i] as Slot<unknown>) : earlier, seen, earlier, view);
    if (next === earlier) continue;
    slots ??= before.slots.slice();
    slots[i] = next;
  }
  if (said.role === 'agent') return slots ? withSlots(before, slots) : before;
  return {
    slots: slots ?? before.slots,
    votes: votesOf(now, before, said),
    callerWords: before.callerWords + said.tokens.words.length,
    callerTurns: before.callerTurns + 1,
    said: newest(before.said, said.vocabulary, REMEMBERED),
    sinceReading: wordsSinceReading(said),
  };
}

/** Votes of the words that were there before are taken over where none of them has changed. */
function votesOf(now: Reading, before: Reading, { stable, tokens }: Said): LanguageVotes {
  const counted = stable > 0 && stable === now.callerWords - before.callerWords;
  return counted ? voteLanguage(now.votes, tokens.words, stable) : voteLanguage(before.votes, tokens.words);
}

const withSlots = (before: Reading, slots: readonly Slot<unknown>[]): Reading => ({
  slots,
  votes: before.votes,
  callerWords: before.callerWords,
  callerTurns: before.callerTurns,
  said: before.said,
  sinceReading: before.sinceReading,
});

/**
 * The transcript with a line new, grown or corrected. A correction of an earlier line goes back to the reading before
 * it and reads on from there; one older than the correction window is only taken from index 0 on (the codec then
 * re-sends everything), else it is left as it was read.
 */
export function hear(
  signals: readonly Signal[],
  heard: Heard,
  line: Line,
  view: CallView,
): { readonly heard: Heard; readonly said: Said | null } {
  const { index } = line;
  const at = placeOf(heard.recent, index);
  const known = heard.recent[at];
  if (!known && index < heard.nextIndex && index !== 0) return { heard, said: null };
  const base = !known && index === 0 ? startHearing(signals) : heard;
  const before = known ? known.before : base.reading;
  const grows = known !== undefined && at === heard.recent.length - 1;
  const said = readLine(LEXICON, line, grows ? heard.newest : undefined, before.sinceReading);
  let reading = observe(signals, base.reading, before, said, view);
  let last = said;
  const recent: Snapshot[] = known ? base.recent.slice(0, at) : base.recent.slice(-CORRECTION_WINDOW);
  recent.push({ line, words: said.tokens.words.length, before });
  for (let i = known ? at + 1 : heard.recent.length; i < heard.recent.length; i++) {
    const later = heard.recent[i] as Snapshot;
    last = readLine(LEXICON, later.line, undefined, reading.sinceReading);
    recent.push({ line: later.line, words: later.words, before: reading });
    reading = observe(signals, reading, reading, last, view);
  }
  return { heard: { reading, recent, newest: last, nextIndex: Math.max(base.nextIndex, index + 1) }, said };
}

/** Mostly it is the newest one. */
function placeOf(recent: readonly Snapshot[], index: number): number {
  for (let i = recent.length - 1; i >= 0; i--) if (recent[i]?.line.index === index) return i;
  return -1;
}

/** The transcript cut to `length` utterances. */
export function cutTranscript(signals: readonly Signal[], heard: Heard, length: number): Heard {
  if (length >= heard.nextIndex) return heard;
  if (length === 0) return startHearing(signals);
  const at = heard.recent.findIndex((one) => one.line.index >= length);
  const first = heard.recent[at];
  if (!first) return heard;
  return { reading: first.before, recent: heard.recent.slice(0, at), newest: undefined, nextIndex: length };
}
