import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { CallEvent, Word } from '../guard/types.ts';
import { RecordsError } from './records-error.ts';

/** Bytes of NDJSON kept of one call; an ordinary call has some tens of KB. */
export const MAX_EVENT_LOG_BYTES = 4 * 1024 * 1024;

/** Lines are deflated when they have come to this: a long call then holds a tenth of them, and none waits for long. */
const PACK_CHARS = 4 * 1024;

/** Utterances whose last version is kept; an older one that comes again is stored whole. */
const VERSIONS = 3;

type SaidEvent = Extract<CallEvent, { type: 'caller-said' | 'agent-said' }>;

/**
 * Said events as they are stored: `cut` characters and `same` words are those of the last stored version of the
 * utterance, `text` and `timings` come after them. So a growing utterance costs what is new in it.
 */
interface SaidDelta {
  readonly said: 'caller' | 'agent';
  readonly at: number;
  readonly index: number;
  readonly cut: number;
  readonly text: string;
  readonly same: number;
  /** For each word the ms since the end of the one before it, and how long it lasts: small numbers pack well. */
  readonly timings: readonly number[];
  /** The words, where they are not those of the text between single blanks. */
  readonly words?: readonly string[];
}

interface Version {
  readonly text: string;
  readonly words: readonly Word[];
}

const NOTHING: Version = { text: '', words: [] };

/** The events of one call, for replay. Bounded: what comes after `MAX_EVENT_LOG_BYTES` is left out. */
export class EventLog {
  /** Deflate blocks without an end: put one after the other they are one stream. */
  readonly #packed: Buffer[] = [];
  readonly #versions = new Map<number, Version>();
  #fresh = '';
  #size = 0;
  #truncated = false;

  /** Bytes of the NDJSON so far. */
  get size(): number {
    return this.#size;
  }

  /** Events were left out because the log was full; a replay ends early. */
  get truncated(): boolean {
    return this.#truncated;
  }

  push(event: CallEvent): void {
    if (this.#truncated) return;
    const said = event.type === 'caller-said' || event.type === 'agent-said';
    const line = JSON.stringify(said ? this.#delta(event) : event);
    const bytes = Buffer.byteLength(line) + 1;
    if (this.#size + bytes > MAX_EVENT_LOG_BYTES) {
      this.#truncated = true;
      return;
    }
    if (said) this.#keep(event);
    this.#size += bytes;
    this.#fresh += `${line}\n`;
    if (this.#fresh.length < PACK_CHARS) return;
    this.#packed.push(fitted(deflateRawSync(this.#fresh, { finishFlush: constants.Z_SYNC_FLUSH })));
    this.#fresh = '';
  }

  /** Base64 of the deflated lines; the log may go on afterwards. */
  deflate(): string {
    return Buffer.concat([...this.#packed, deflateRawSync(this.#fresh)]).toString('base64');
  }

  #keep({ index, text, words }: SaidEvent): void {
    this.#versions.delete(index);
    this.#versions.set(index, { text, words });
    for (const oldest of this.#versions.keys()) {
      if (this.#versions.size <= VERSIONS) break;
      this.#versions.delete(oldest);
    }
  }

  #delta(event: SaidEvent): SaidDelta {
    const last = this.#versions.get(event.index) ?? NOTHING;
    const cut = commonLength(last.text, event.text);
    let same = 0;
    while (same < event.words.length && sameWord(last.words[same], event.words[same])) same++;
    const fresh = event.words.slice(same);
    const inText = event.text.split(' ').slice(same);
    const isText = inText.length === fresh.length && fresh.every(({ word }, i) => word === inText[i]);
    return {
      said: event.type === 'caller-said' ? 'caller' : 'agent',
      at: event.at,
      index: event.index,
      cut,
      text: event.text.slice(cut),
      same,
      timings: fresh.flatMap(({ startMs, endMs }, i) => {
        const before = event.words[same + i - 1]?.endMs ?? 0;
        return [startMs - before, endMs - startMs];
      }),
      ...(isText ? {} : { words: fresh.map(({ word }) => word) }),
    };
  }
}

/** zlib's answer is a piece of a much larger buffer, which would live on with it. */
function fitted(piece: Buffer): Buffer {
  const own = Buffer.allocUnsafeSlow(piece.length);
  piece.copy(own);
  return own;
}

function commonLength(a: string, b: string): number {
  if (b.startsWith(a)) return a.length;
  let length = 0;
  while (length < a.length && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}

function sameWord(a: Word | undefined, b: Word | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a === b || (a.word === b.word && a.startMs === b.startMs && a.endMs === b.endMs);
}

/**
 * The events of a log made by `EventLog`, equal to what was pushed.
 * @throws RecordsError `bad-events` when it is damaged.
 */
export function readEventLog(base64: string): CallEvent[] {
  try {
    const bytes = inflated(base64);
    const versions = new Map<number, Version>();
    const lines = bytes.toString('utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => readEvent(line, versions));
  } catch (cause) {
    throw new RecordsError('bad-events', 'the event log of the call is damaged', { cause });
  }
}

/**
 * Whether events of a call that goes on behind the log may be left out. Undecidable for a log that ends just below the
 * limit by chance: ask only of one that does not come to an end.
 * @throws RecordsError `bad-events` when it is damaged.
 */
export function isFullLog(base64: string): boolean {
  try {
    // The event that did not fit is unlikely to be as long as this.
    return inflated(base64).length > MAX_EVENT_LOG_BYTES / 2;
  } catch (cause) {
    throw new RecordsError('bad-events', 'the event log of the call is damaged', { cause });
  }
}

const inflated = (base64: string): Buffer =>
  inflateRawSync(Buffer.from(base64, 'base64'), { maxOutputLength: MAX_EVENT_LOG_BYTES });

function readEvent(line: string, versions: Map<number, Version>): CallEvent {
  // Only `EventLog` writes these lines.
  const stored = JSON.parse(line) as CallEvent | SaidDelta;
  if (!('said' in stored)) return stored;
  const last = versions.get(stored.index) ?? NOTHING;
  const { cut, same, timings } = stored;
  const text = last.text.slice(0, cut) + stored.text;
  const words = last.words.slice(0, same);
  (stored.words ?? (timings.length > 0 ? text.split(' ').slice(same) : [])).forEach((word, i) => {
    const startMs = (words.at(-1)?.endMs ?? 0) + (timings[2 * i] ?? 0);
    words.push({ word, startMs, endMs: startMs + (timings[2 * i + 1] ?? 0) });
  });
  const event: SaidEvent = {
    type: stored.said === 'caller' ? 'caller-said' : 'agent-said',
    index: stored.index,
    text,
    words,
    at: stored.at,
  };
  versions.set(stored.index, event);
  return event;
}
