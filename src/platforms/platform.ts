import type { CallFacts, PlatformEvent } from '../guard/types.ts';

/** One utterance as the platform's transcript has it now. */
export interface Utterance {
  readonly role: 'agent' | 'caller';
  readonly text: string;
}

/** What one frame meant. */
export interface Decoded {
  readonly events: readonly PlatformEvent[];
  /** Frames to send straight back (keep-alive). */
  readonly replies: readonly string[];
  /** Set when the frame was refused: a short, constant reason for log and counter. Nothing else is set then. */
  readonly refused?: RefusedFrame;
}

export type RefusedFrame =
  | 'not-json'
  | 'not-an-object'
  | 'unknown-type'
  | 'wrong-types'
  | 'too-deep'
  | 'too-many-turns';

/** What the guard says to the platform, before it is a frame. */
export type Outgoing =
  | {
      readonly type: 'speech';
      /** The platform's pending turn; null cuts in. */
      readonly turn: number | null;
      readonly text: string;
      readonly done: boolean;
      readonly uninterruptible?: boolean;
      readonly endCall?: boolean;
      readonly transferTo?: string;
    }
  | { readonly type: 'digit'; readonly turn: number; readonly digit: string }
  | { readonly type: 'reminders'; readonly triggerMs: number; readonly maxCount: number }
  | { readonly type: 'tool-call'; readonly id: string; readonly name: string; readonly arguments: string }
  | { readonly type: 'tool-result'; readonly id: string; readonly content: string; readonly successful?: boolean }
  | { readonly type: 'metadata'; readonly metadata: Readonly<Record<string, unknown>> };

/** One socket of one call. Holds the decoder's memory; decides nothing. */
export interface PlatformSession {
  /** Frames to send as soon as the socket is open. */
  hello(): readonly string[];
  decode(frame: Buffer): Decoded;
  encode(out: Outgoing): string;
  /** Somebody else has used this id for an interruption on this socket. */
  avoidInterruptId(id: number): void;
  /** The transcript as last decoded, for the responder. Do not keep: it is replaced. */
  transcript(): readonly Utterance[];
}

/** A voice platform: a value, registered in `platforms/index.ts`. */
export interface Platform {
  readonly name: string;
  /** Path prefix of its sockets, such as `/llm-websocket`. */
  readonly path: string;
  /**
   * `agent` and `callId` come from the URL and fill the facts that the platform does not send.
   * `socket` counts the sockets of this call from 0, so that ids of the guard's own go on where the last one stopped.
   */
  open(from: Pick<CallFacts, 'agent' | 'callId'>, socket?: number): PlatformSession;
}

/**
 * How far back the core can take corrections of earlier utterances. A codec that sees an older utterance change
 * re-sends the transcript from index 0.
 */
export { CORRECTION_WINDOW } from '../guard/correction-window.ts';
