import type { Heard } from './caller.ts';

/** What the caller does next. Gaps are milliseconds of silence before it, drawn when absent. */
export type TypedAct =
  /** `recording`: on its own clock, whatever the agent does; else when it is the caller's turn. */
  | { readonly type: 'say'; readonly text: string; readonly gapMs?: number; readonly recording?: boolean }
  | { readonly type: 'digit'; readonly digit: string; readonly gapMs?: number }
  /** Said over the agent's next line, 0.8 s after its first sound. The caller is asked again at once. */
  | { readonly type: 'over'; readonly text: string }
  | { readonly type: 'silence'; readonly ms: number }
  /** Nothing until the agent has been heard. */
  | { readonly type: 'listen' }
  | { readonly type: 'leave'; readonly atOnce: boolean };

/**
 * Why the caller is asked: the call begins; the agent pauses and has more to say; it is the caller's turn; a stretch
 * of a recording is out.
 */
export type Cue = 'pick-up' | 'pause' | 'turn' | 'said';

/** Whoever types. Time must stand still until `next` has settled; it must not reject. */
export interface Typist {
  next(cue: Cue): Promise<TypedAct>;
  /** The agent begins to speak; what it was heard to say follows. Times are call milliseconds. */
  agentStarted(atMs: number): void;
  agentSaid(heard: Heard): void;
  /** A stretch of words is out. `over`: over the agent, as asked. */
  callerSaid(text: string, fromMs: number, over: boolean): void;
  callerPressed(digit: string, atMs: number): void;
}
