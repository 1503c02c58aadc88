import type { Timeline } from './timeline.ts';

/** What a caller can do. It hears the agent and knows nothing of frames. */
export interface CallerLink {
  readonly timeline: Timeline;
  agentSpeaking(): boolean;
  /** Says a stretch of words from now on; `then` when the last is out. */
  say(text: string, then: () => void): void;
  press(digit: string): void;
  /** Ends the call. */
  leave(): void;
}

/** What the agent was heard to say since it was last quiet. */
export interface Heard {
  readonly text: string;
  /** The caller cut it off. */
  readonly cut: boolean;
  /** False when the server has not finished: something more is to come. */
  readonly complete: boolean;
}

export interface Caller {
  pickUp(): void;
  agentStarted(): void;
  agentQuiet(heard: Heard): void;
  /** The platform noticed the silence; a caller cannot hear that, but a player counts it. */
  reminded(): void;
  /** When the last line had been said. Null while there is more. */
  readonly saidAllMs: number | null;
}
