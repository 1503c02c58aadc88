import type { PlatformEvent, Word } from '../guard/types.ts';
import { cleanText } from './clean-text.ts';
import type { ArrayChange } from './incremental.ts';
import { CORRECTION_WINDOW, type Utterance } from './platform.ts';

/** Word times beyond this are no times (Retell's calls last hours at most). */
const LONGEST_CALL_MS = 24 * 3_600_000;

interface Heard extends Utterance {
  readonly words: readonly unknown[];
  /** End of the last word as sent, in seconds; -1 without one. */
  readonly lastEnd: number;
}

/**
 * Knows which utterances of the re-sent transcript are new. Of each utterance it keeps text, number of words and the
 * end of the last word; an utterance in which none of these changed is not told again.
 *
 * Only `agent` and `user` speak. Entries of other roles (`system`, `transfer_target`, unknown) and entries that are
 * no objects are left out, and `index` counts the utterances among the rest: so it has no gaps, and an entry of
 * another role that appears late shifts what follows, which is then told again.
 */
export class RetellTranscript {
  #said: readonly Utterance[] = [];
  readonly #wordCounts: number[] = [];
  readonly #lastEnds: number[] = [];
  /** Positions in the platform's array that hold no utterance, ascending. */
  #skipped: readonly number[] = [];
  /** The first utterance that the core can still take back: it has seen `#floor + CORRECTION_WINDOW` of them. */
  #floor = 0;

  get said(): readonly Utterance[] {
    return this.#said;
  }

  /**
   * The events that bring the core up to date, or null (and nothing has changed) when the whole array is needed for
   * that: an utterance changed that is older than the core's CORRECTION_WINDOW, and all must be told from index 0.
   */
  apply({ from, tail }: ArrayChange): PlatformEvent[] | null {
    const skipped = this.#skipped.filter((position) => position < from);
    const first = from - skipped.length;
    const heard: Heard[] = [];
    for (let i = 0; i < tail.length; i++) {
      const utterance = readUtterance(tail[i]);
      if (utterance === null) skipped.push(from + i);
      else heard.push(utterance);
    }

    const before = this.#said.length;
    const length = first + heard.length;
    const changed: number[] = [];
    for (let i = 0; i < heard.length; i++) if (this.#differs(first + i, heard[i])) changed.push(i);
    const oldest = Math.min(length, first + (changed[0] ?? heard.length));

    const events: PlatformEvent[] = [];
    if (oldest < before && oldest < this.#floor) {
      if (first > 0) return null;
      if (length < before) events.push({ type: 'transcript-cut', length: 0 });
      for (let i = 0; i < heard.length; i++) events.push(said(i, heard[i]));
      this.#floor = 0;
    } else {
      if (length < before) events.push({ type: 'transcript-cut', length });
      for (const i of changed) events.push(said(first + i, heard[i]));
    }

    this.#skipped = skipped;
    if (events.length > 0) this.#keep(first, heard);
    this.#floor = Math.max(this.#floor, length - CORRECTION_WINDOW);
    return events;
  }

  #differs(index: number, heard: Heard | undefined): boolean {
    const known = this.#said[index];
    return (
      known === undefined ||
      known.text !== heard?.text ||
      known.role !== heard.role ||
      this.#wordCounts[index] !== heard.words.length ||
      this.#lastEnds[index] !== heard.lastEnd
    );
  }

  #keep(first: number, heard: readonly Heard[]): void {
    // A new array each time: an answer may still be reading the old one.
    this.#said = this.#said.slice(0, first).concat(heard.map(({ role, text }) => ({ role, text })));
    this.#wordCounts.length = first;
    this.#lastEnds.length = first;
    for (const { words, lastEnd } of heard) {
      this.#wordCounts.push(words.length);
      this.#lastEnds.push(lastEnd);
    }
  }
}

function readUtterance(entry: unknown): Heard | null {
  if (typeof entry !== 'object' || entry === null) return null;
  const { role, content, words } = entry as { role?: unknown; content?: unknown; words?: unknown };
  if (role !== 'agent' && role !== 'user') return null;
  const list: readonly unknown[] = Array.isArray(words) ? words : [];
  const last = list.at(-1);
  const end = typeof last === 'object' && last !== null ? (last as { end?: unknown }).end : undefined;
  return {
    role: role === 'user' ? 'caller' : 'agent',
    text: typeof content === 'string' ? cleanText(content) : '',
    words: list,
    lastEnd: typeof end === 'number' ? end : -1,
  };
}

function said(index: number, heard: Heard | undefined): PlatformEvent {
  const type = heard?.role === 'caller' ? 'caller-said' : 'agent-said';
  return { type, index, text: heard?.text ?? '', words: readWords(heard?.words ?? []) };
}

/** Retell gives seconds from the start of the call; words without text or sensible times are dropped. */
function readWords(list: readonly unknown[]): Word[] {
  const words: Word[] = [];
  for (const entry of list) {
    if (typeof entry !== 'object' || entry === null) continue;
    const { word, start, end } = entry as { word?: unknown; start?: unknown; end?: unknown };
    if (typeof word !== 'string' || typeof start !== 'number' || typeof end !== 'number') continue;
    const startMs = Math.round(start * 1000);
    const endMs = Math.round(end * 1000);
    if (startMs >= 0 && endMs >= startMs && endMs <= LONGEST_CALL_MS) {
      words.push({ word: cleanText(word), startMs, endMs });
    }
  }
  return words;
}
