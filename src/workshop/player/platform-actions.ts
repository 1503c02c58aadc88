import type { SpeechAction } from './agent-voice.ts';
import type { Faults } from './faults.ts';
import type { InterruptFrame, ResponseFrame } from './server-frame.ts';

export interface ActionEvents {
  /** A frame that ends the call has come (it may yet be discarded). */
  hangUpFrame(): void;
  /** A fault: the connection is lost with the frame. */
  dropSocket(): void;
  drop(reason: string): void;
  digit(digit: string): void;
}

/**
 * What a frame asks for beside speech. Actions exclude each other: end before transfer before digit.
 * `lost`: a fault has swallowed the frame.
 */
export class ActionReader {
  readonly #events: ActionEvents;
  #ignored: number;
  #dropOnHangUp: boolean;

  constructor(faults: Faults, events: ActionEvents) {
    this.#events = events;
    this.#ignored = faults.ignoreHangUps ?? 0;
    this.#dropOnHangUp = faults.dropOnHangUp === true;
  }

  read(frame: ResponseFrame | InterruptFrame): SpeechAction | null | 'lost' {
    if (frame.end_call === true) {
      this.#events.hangUpFrame();
      if (this.#dropOnHangUp) {
        this.#dropOnHangUp = false;
        this.#events.dropSocket();
        return 'lost';
      }
      if (this.#ignored > 0) {
        this.#ignored--;
        this.#events.drop('ignored-hang-up');
        return null;
      }
      return { type: 'end' };
    }
    if (frame.transfer_number !== undefined) return { type: 'transfer', to: frame.transfer_number };
    if (frame.digit_to_press !== undefined) this.#events.digit(frame.digit_to_press);
    return null;
  }
}
