import type { PlatformEvent, Word } from '../guard/types.ts';
import { cleanText } from './clean-text.ts';
import type { ArrayChange } from './incremental.ts';
import { CORRECTION_WINDOW, type Utterance } from './platform.ts';

/** Word times beyond this are no times (Retell's calls last hours at most). */
const LONGEST_CALL_MS = 24 * 3_600_000;

interface Heard extends Utterance {
  readonly words: readonly unknown[];
  /** The mark of it, see `markOf`. */
  readonly mark: number;
}

/**
 * Knows which utterances of the re-sent transcript are new. Of each utterance it keeps the text and a mark of the rest;
 * an utterance in which none of these changed is not told again.
 *
 * Only `agent` and `user` speak. Entries of other roles (`system`, `transfer_target`, unknown) and entries that are
 * no objects are left out, and `index` counts the utterances among the rest: so it has no gaps, and an entry of
 * another role that appears late shifts what follows, which is then told again.
 */
export class RetellTranscript {
  /** Parallel, and no objects: a long call has hundreds of utterances. */
  readonly #texts: string[] = [];
  readonly #marks: number[] = [];
  /** Positions in the platform's array that hold no utterance, ascending. */
  #skipped: readonly number[] = [];
  /** The first utterance that the core can still take back: it has seen `#floor + CORRECTION_WINDOW` of them. */
  #floor = 0;
  /** What was told last: mostly it comes again, with a word more. */
  #toldIndex = -1;
  #toldWords: readonly Word[] = [];

  /** The utterances now: a copy, because an answer may still be reading it when the next ones come. */
  get said(): readonly Utterance[] {
    return this.#texts.map((text, i) => ({ role: roleOf(this.#marks[i] ?? 0), text }));
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

    const before = this.#texts.length;
    const length = first + heard.length;
    let oldest = length;
    for (let i = heard.length - 1; i >= 0; i--) if (this.#differs(first + i, heard[i])) oldest = first + i;

    const events: PlatformEvent[] = [];
    if (oldest < before && oldest < this.#floor) {
      if (first > 0) return null;
      if (length < before) events.push({ type: 'transcript-cut', length: 0 });
      for (let i = 0; i < heard.length; i++) events.push(this.#told(i, heard[i]));
      this.#floor = 0;
    } else {
      if (length < before) events.push({ type: 'transcript-cut', length });
      for (let i = oldest; i < length; i++) {
        const one = heard[i - first];
        if (this.#differs(i, one)) events.push(this.#told(i, one));
      }
    }

    this.#skipped = skipped;
    if (events.length > 0) this.#keep(first, heard);
    this.#floor = Math.max(this.#floor, length - CORRECTION_WINDOW);
    return events;
  }

  #differs(index: number, heard: Heard | undefined): boolean {
    return this.#marks[index] !== heard?.mark || this.#texts[index] !== heard?.text;
  }

  #told(index: number, heard: Heard | undefined): PlatformEvent {
    const type = heard?.role === 'caller' ? 'caller-said' : 'agent-said';
    const words = readWords(heard?.words ?? [], index === this.#toldIndex ? this.#toldWords : []);
    this.#toldIndex = index;
    this.#toldWords = words;
    return { type, index, text: heard?.text ?? '', words };
  }

  #keep(first: number, heard: readonly Heard[]): void {
    const length = first + heard.length;
    for (let i = first; i < length; i++) {
      this.#texts[i] = heard[i - first]?.text ?? '';
      this.#marks[i] = heard[i - first]?.mark ?? 0;
    }
    this.#texts.length = length;
    this.#marks.length = length;
  }
}

function readUtterance(entry: unknown): Heard | null {
  if (typeof entry !== 'object' || entry === null) return null;
  const { role, content, words } = entry as { role?: unknown; content?: unknown; words?: unknown };
  if (role !== 'agent' && role !== 'user') return null;
  const list: readonly unknown[] = Array.isArray(words) ? words : [];
  const last = list[list.length - 1];
  const end = typeof last === 'object' && last !== null ? (last as { end?: unknown }).end : undefined;
  const speaker = role === 'user' ? 'caller' : 'agent';
  return {
    role: speaker,
    text: typeof content === 'string' ? cleanText(content) : '',
    words: list,
    mark: markOf(speaker, list.length, typeof end === 'number' ? end : -1),
  };
}

const CALLER = 1;
const bits = new DataView(new ArrayBuffer(8));

/**
 * Role, number of words and end of the last word as sent, in one small integer: the role in its lowest bit, a hash of
 * the others above. A change of either goes unseen once in 2^31.
 */
function markOf(role: Utterance['role'], words: number, lastEnd: number): number {
  bits.setFloat64(0, lastEnd);
  let hash = Math.imul(words + 1, 0x9e3779b1);
  hash = Math.imul(hash ^ bits.getInt32(0), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15) ^ bits.getInt32(4), 0xc2b2ae35);
  return ((hash ^ (hash >>> 13)) & ~CALLER) | (role === 'caller' ? CALLER : 0);
}

const roleOf = (mark: number): Utterance['role'] => ((mark & CALLER) === CALLER ? 'caller' : 'agent');

/**
 * Retell gives seconds from the start of the call; words without text or sensible times are dropped. Words that are
 * also in `known` are taken from there.
 */
function readWords(list: readonly unknown[], known: readonly Word[]): Word[] {
  const words: Word[] = [];
  for (let i = 0; i < list.length; i++) {
    const entry = list[i];
    if (typeof entry !== 'object' || entry === null) continue;
    const { word, start, end } = entry as { word?: unknown; start?: unknown; end?: unknown };
    if (typeof word !== 'string' || typeof start !== 'number' || typeof end !== 'number') continue;
    const startMs = Math.round(start * 1000);
    const endMs = Math.round(end * 1000);
    const same = known[words.length];
    if (same !== undefined && same.startMs === startMs && same.endMs === endMs && same.word === word) words.push(same);
    else if (startMs >= 0 && endMs >= startMs && endMs <= LONGEST_CALL_MS) {
      words.push({ word: cleanText(word), startMs, endMs });
    }
  }
  return words;
}
