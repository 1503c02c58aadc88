import type { Heard } from '../player/caller.ts';
import type { PlayResult } from '../player/play-result.ts';
import { joinWords, splitWords } from '../player/words.ts';
import type { AskedLine, SaidLine } from './step.ts';

/** Who said what since it was last taken. */
export class Dialogue {
  #said: SaidLine[] = [];
  #asked: AskedLine[] = [];
  #agentFromMs = 0;
  #agentHeard = '';
  #callerWords = 0;

  /** In the order of the call; then it begins anew. */
  take(): { readonly said: readonly SaidLine[]; readonly asked: readonly AskedLine[] } {
    const taken = { said: this.#said.sort((a, b) => a.fromMs - b.fromMs), asked: this.#asked };
    this.#said = [];
    this.#asked = [];
    return taken;
  }

  agentStarted(atMs: number): void {
    this.#agentFromMs = atMs;
    this.#agentHeard = '';
  }

  agentSaid({ text, cut, complete }: Heard): void {
    this.#agentHeard = text;
    if (text === '') return;
    const more = cut ? { cut } : complete ? {} : { unfinished: true as const };
    this.#said.push({ who: 'agent', text, fromMs: this.#agentFromMs, ...more });
  }

  callerSaid(text: string, fromMs: number, over: boolean): void {
    this.#callerWords += splitWords(text).length;
    const at = this.#said.findLastIndex(({ who }) => who === 'caller');
    const last = this.#said[at];
    // Stretches between two pauses of one speaker are one line, unless the agent has begun since.
    if (
      last !== undefined &&
      last.digit !== true &&
      last.fromMs >= this.#agentFromMs &&
      over === (last.over === true)
    ) {
      this.#said[at] = { ...last, text: joinWords([last.text, text]) };
    } else {
      this.#said.push({ who: 'caller', text, fromMs, ...(over && { over }) });
    }
  }

  callerPressed(digit: string, atMs: number): void {
    this.#said.push({ who: 'caller', text: digit, fromMs: atMs, digit: true });
  }

  guardAsked(asked: AskedLine): void {
    this.#asked.push(asked);
  }

  /** What was on somebody's lips when the call ended. */
  ended({ transcript, callerWords, callMs, endedBy }: PlayResult): void {
    const words = splitWords(joinWords(transcript.flatMap(({ role, text }) => (role === 'user' ? [text] : []))));
    const rest = words.slice(this.#callerWords, callerWords);
    if (rest.length > 0) this.#said.push({ who: 'caller', text: joinWords(rest), fromMs: callMs, cut: true });
    const last = transcript.findLast(({ role }) => role === 'agent');
    if (this.#agentHeard !== '' || last === undefined || this.#agentFromMs === 0) return;
    const cut = endedBy === 'agent' ? {} : { cut: true as const };
    this.#said.push({ who: 'agent', text: last.text, fromMs: this.#agentFromMs, ...cut });
  }
}
