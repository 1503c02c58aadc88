import type { AgentSpeech } from './agent-voice.ts';

/** Silence of the caller after which the platform asks for an answer. */
export const ENDPOINT_MS = 600;
/** A turn without sound for this long, while the caller was waiting, counts as unanswered. */
export const UNANSWERED_MS = 4_000;

export type TurnKind = 'begin' | 'reply' | 'reminder';

/** What became of one response id. Times are call milliseconds. */
export interface TurnTrace {
  readonly id: number;
  readonly kind: TurnKind;
  readonly requestedMs: number;
  firstContentMs: number | null;
  completedMs: number | null;
  /** The agent was heard while this was the newest id. */
  audibleMs: number | null;
  /** The caller spoke again before anything was heard. */
  lostMs: number | null;
  supersededMs: number | null;
  text: string;
}

/** The newest request and what has come for it. */
export interface Slot {
  readonly trace: TurnTrace;
  completed: boolean;
  /** Interrupted: what is still sent for it is not spoken, unless it may not be interrupted. */
  lost: boolean;
  /** Nothing of it is left to be heard. */
  closed: boolean;
  speech: AgentSpeech | null;
}

/** Keeps response ids and how each was answered. */
export class TurnBook {
  readonly traces: TurnTrace[] = [];
  #slot: Slot;
  #soundMs = 0;
  #maxDeadAirMs = 0;

  constructor() {
    this.#slot = this.#open('begin', 0);
  }

  get slot(): Slot {
    return this.#slot;
  }

  request(kind: TurnKind, atMs: number): Slot {
    this.#slot.trace.supersededMs = atMs;
    this.#slot = this.#open(kind, atMs);
    return this.#slot;
  }

  /** Somebody makes a sound from `startMs`; the silence before it counts where the agent owed something. */
  sound(startMs: number, endMs: number): void {
    this.#silence(startMs);
    this.#soundMs = Math.max(this.#soundMs, endMs);
  }

  unanswered(endMs: number): number[] {
    return this.traces
      .filter((turn) => turn.kind === 'reply' && turn.audibleMs === null)
      .filter((turn) => Math.min(turn.lostMs ?? endMs, turn.supersededMs ?? endMs) - turn.requestedMs > UNANSWERED_MS)
      .map(({ id }) => id);
  }

  /** Longest silence while the agent owed an answer. */
  maxDeadAirMs(endMs: number): number {
    this.#silence(endMs);
    return Math.round(this.#maxDeadAirMs);
  }

  #silence(untilMs: number): void {
    const { trace, closed } = this.#slot;
    if (closed || trace.requestedMs > untilMs) return;
    // The silence that made the platform ask counts; what came before a reminder was the caller's own.
    const fromMs = Math.max(this.#soundMs, trace.requestedMs - ENDPOINT_MS);
    this.#maxDeadAirMs = Math.max(this.#maxDeadAirMs, untilMs - fromMs);
  }

  #open(kind: TurnKind, atMs: number): Slot {
    const trace: TurnTrace = {
      id: this.traces.length,
      kind,
      requestedMs: atMs,
      firstContentMs: null,
      completedMs: null,
      audibleMs: null,
      lostMs: null,
      supersededMs: null,
      text: '',
    };
    this.traces.push(trace);
    return { trace, completed: false, lost: false, closed: false, speech: null };
  }
}
