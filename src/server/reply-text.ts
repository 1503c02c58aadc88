import type { Clock } from '../clock.ts';
import { cutText } from '../tools/cut-text.ts';

/** Tokens that come within this time leave as one frame: a frame a token is a quarter of a streaming server's CPU. */
const JOIN_MS = 20;
/** The voice takes some 65 ms a character: with this many on their way the next ones may wait longer unnoticed. */
const AHEAD_CHARS = 32;
const JOIN_AHEAD_MS = 60;
/** A reply longer than this is cut: nobody listens to it, and every buffer has an end. */
const MOST_CHARS = 8_000;

/** What happens when the last piece has been spoken. */
export interface SayHow {
  readonly endCall?: true;
  readonly transferTo?: string;
}

/** The text of one turn on its way to the platform: the first piece at once, later ones joined. */
export class ReplyText {
  readonly #clock: Clock;
  readonly #say: (text: string, done: boolean, how?: SayHow) => void;
  #buffer = '';
  #sent = 0;
  #lastChar = '';
  #cancelFlush: (() => void) | null = null;

  constructor(clock: Clock, say: (text: string, done: boolean, how?: SayHow) => void) {
    this.#clock = clock;
    this.#say = say;
  }

  get empty(): boolean {
    return this.#sent === 0 && this.#buffer === '';
  }

  /** False: it did not fit any more, and was cut. */
  add(text: string): boolean {
    const room = MOST_CHARS - this.#sent - this.#buffer.length;
    const fitting = cutText(text, room);
    this.#buffer += fitting;
    this.#lastChar = fitting.at(-1) ?? this.#lastChar;
    if (fitting.length < text.length) return false;
    if (this.#sent === 0) this.flush();
    else this.#cancelFlush ??= this.#clock.after(this.#joinMs, () => this.flush());
    return true;
  }

  get #joinMs(): number {
    return this.#sent < AHEAD_CHARS ? JOIN_MS : JOIN_AHEAD_MS;
  }

  /** What stands between this and the next answer, so that their words do not stick together. */
  get gap(): '' | ' ' {
    return this.#lastChar === '' || /\s/.test(this.#lastChar) ? '' : ' ';
  }

  flush(): void {
    if (this.#buffer === '') this.stop();
    else this.#send(false);
  }

  /** Sends what is left and the `last` words, and completes the turn. */
  finish(last: string, how?: SayHow): void {
    this.#buffer += last;
    this.#send(true, how);
  }

  /** Nothing leaves by itself any more. */
  stop(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = null;
  }

  #send(done: boolean, how?: SayHow): void {
    this.stop();
    const text = this.#buffer;
    this.#buffer = '';
    this.#sent += text.length;
    this.#say(text, done, how);
  }
}

/** Whether a text may be left standing there: it ends as a sentence ends, in any of the scripts that callers read. */
export function endsSentence(text: string): boolean {
  return /[.!?…。！？؟।]["'”’»›」』)\]\s]*$/u.test(text.slice(-40));
}
