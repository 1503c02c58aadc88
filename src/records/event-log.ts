import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { CallEvent, Word } from '../guard/types.ts';
import { RecordsError } from './records-error.ts';

/** Bytes of NDJSON kept of one call; an ordinary call has some tens of KB. */
export const MAX_EVENT_LOG_BYTES = 4 * 1024 * 1024;

/** Deflating more than this at the usual level would hold up other calls for tens of milliseconds. */
const QUICK_ABOVE_BYTES = 512 * 1024;

type SaidEvent = Extract<CallEvent, { type: 'caller-said' | 'agent-said' }>;

/**
 * Said events as they are stored: `cut` characters and `same` words are those of the last stored version of the
 * utterance, `text` and `words` come after them. So a growing utterance costs what is new in it.
 */
interface SaidDelta {
  readonly said: 'caller' | 'agent';
  readonly at: number;
  readonly index: number;
  readonly cut: number;
  readonly text: string;
  readonly same: number;
  readonly words: readonly (readonly [word: string, startMs: number, endMs: number])[];
}

interface Version {
  readonly text: string;
  readonly words: readonly Word[];
}

const NOTHING: Version = { text: '', words: [] };

/** The events of one call, for replay. Bounded: what comes after `MAX_EVENT_LOG_BYTES` is left out. */
export class EventLog {
  readonly #lines: string[] = [];
  // Bounded by what the lines hold: a version is made of stored text.
  readonly #versions = new Map<number, Version>();
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
    if (said) this.#versions.set(event.index, event);
    this.#size += bytes;
    this.#lines.push(line);
  }

  /** Base64 of the deflated lines; the log may go on afterwards. */
  deflate(): string {
    const level = this.#size > QUICK_ABOVE_BYTES ? 1 : 6;
    return deflateRawSync(this.#lines.map((line) => `${line}\n`).join(''), { level }).toString('base64');
  }

  #delta(event: SaidEvent): SaidDelta {
    const last = this.#versions.get(event.index) ?? NOTHING;
    const cut = commonLength(last.text, event.text);
    let same = 0;
    while (same < event.words.length && sameWord(last.words[same], event.words[same])) same++;
    return {
      said: event.type === 'caller-said' ? 'caller' : 'agent',
      at: event.at,
      index: event.index,
      cut,
      text: event.text.slice(cut),
      same,
      words: event.words.slice(same).map(({ word, startMs, endMs }) => [word, startMs, endMs]),
    };
  }
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
    const bytes = inflateRawSync(Buffer.from(base64, 'base64'), { maxOutputLength: MAX_EVENT_LOG_BYTES });
    const versions = new Map<number, Version>();
    const lines = bytes.toString('utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => readEvent(line, versions));
  } catch (cause) {
    throw new RecordsError('bad-events', 'the event log of the call is damaged', { cause });
  }
}

function readEvent(line: string, versions: Map<number, Version>): CallEvent {
  // Only `EventLog` writes these lines.
  const stored = JSON.parse(line) as CallEvent | SaidDelta;
  if (!('said' in stored)) return stored;
  const last = versions.get(stored.index) ?? NOTHING;
  const event: SaidEvent = {
    type: stored.said === 'caller' ? 'caller-said' : 'agent-said',
    index: stored.index,
    text: last.text.slice(0, stored.cut) + stored.text,
    words: [
      ...last.words.slice(0, stored.same),
      ...stored.words.map(([word, startMs, endMs]) => ({ word, startMs, endMs })),
    ],
    at: stored.at,
  };
  versions.set(stored.index, event);
  return event;
}
