import { joinWords } from './words.ts';

export interface TimedWord {
  word: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** One utterance as the platform shows it; the JSON is kept until a word changes. */
export class TranscriptUtterance {
  readonly role: 'agent' | 'user';
  readonly words: TimedWord[] = [];
  #json: string | null = null;

  constructor(role: 'agent' | 'user') {
    this.role = role;
  }

  get text(): string {
    return joinWords(this.words.map(({ word }) => word));
  }

  add(word: string, startMs: number, endMs: number): TimedWord {
    const timed = { word, startMs, endMs };
    this.words.push(timed);
    this.#json = null;
    return timed;
  }

  /** The ASR changes its mind about a word. */
  correct(timed: TimedWord, word: string): void {
    timed.word = word;
    this.#json = null;
  }

  /** As on the wire: seconds from the start of the call. */
  get json(): string {
    this.#json ??= JSON.stringify({
      role: this.role,
      content: this.text,
      words: this.words.map(({ word, startMs, endMs }) => ({
        word,
        start: Math.round(startMs) / 1000,
        end: Math.round(endMs) / 1000,
      })),
    });
    return this.#json;
  }
}

/** The transcript of a call: always complete, in order of first words; digits beside it. */
export class CallTranscript {
  readonly #entries: ({ readonly json: string } | TranscriptUtterance)[] = [];
  readonly utterances: TranscriptUtterance[] = [];

  open(role: 'agent' | 'user'): TranscriptUtterance {
    const utterance = new TranscriptUtterance(role);
    this.utterances.push(utterance);
    this.#entries.push(utterance);
    return utterance;
  }

  get last(): TranscriptUtterance | undefined {
    return this.utterances[this.utterances.length - 1];
  }

  digit(digit: string): void {
    this.#entries.push({ json: JSON.stringify({ role: 'dtmf', digit }) });
  }

  /** The members `transcript` and, where asked for, `transcript_with_tool_calls`, without braces. */
  members(withToolCalls: boolean): string {
    const plain = `"transcript":[${this.utterances.map(({ json }) => json).join(',')}]`;
    if (!withToolCalls) return plain;
    return `${plain},"transcript_with_tool_calls":[${this.#entries.map(({ json }) => json).join(',')}]`;
  }
}
