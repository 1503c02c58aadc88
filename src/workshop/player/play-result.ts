import type { EndedBy } from './retell-platform.ts';
import type { PlayedFrame } from './retell-socket.ts';
import type { CallerKind, Expectation } from './scenario.ts';
import type { TurnTrace } from './turn-book.ts';

/** A probe that the agent spoke; `heard` when the caller let it finish. */
export interface PlayedProbe {
  readonly kind: string;
  readonly heard: boolean;
}

/** What can be seen of one call from the platform's side. Times are call milliseconds. */
export interface PlayResult {
  readonly id: string;
  readonly set: string;
  readonly group?: string;
  readonly kind: CallerKind;
  readonly language: string;
  readonly callId: string;
  /** Words that the caller had to say. */
  readonly wordsTotal: number;
  readonly endedBy: EndedBy;
  /** `end_call`, `agent_interrupt`, `closed 1000`, or the platform's name for what went wrong. */
  readonly how: string;
  readonly callMs: number;
  /** Words that the caller had spoken when it ended. */
  readonly callerWords: number;
  /** The last frame that was to end the call: when, after how many words, in which utterance of the caller. */
  readonly hangUpFrame?: { readonly atMs: number; readonly words: number; readonly turn: number };
  /** When the caller had said all. Null: there was more to say. */
  readonly saidAllMs: number | null;
  /** Hung up while the caller still had something to say. */
  readonly live: boolean;
  readonly probes: readonly PlayedProbe[];
  readonly turns: readonly TurnTrace[];
  /** Response ids after which the caller waited in vain. */
  readonly unanswered: readonly number[];
  readonly maxDeadAirMs: number;
  /** Frames and actions of the server that had no effect, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly agentDigits: readonly string[];
  readonly transferredTo?: string;
  readonly reconnects: number;
  readonly transcript: readonly { readonly role: 'agent' | 'user'; readonly text: string }[];
  readonly expect?: Expectation;
  readonly frames?: readonly PlayedFrame[];
}
