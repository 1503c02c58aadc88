import type { Clock } from '../clock.ts';

/** A reply that has begun may be silent for this long: with what the voice still has to say, about four seconds. */
const QUIET_MS = 3_500;

/** Sees that a reply which has begun does not leave the caller in silence. One timer a reply, not one a piece. */
export class ReplyWatch {
  readonly #clock: Clock;
  readonly #quiet: () => void;
  #aliveAt: number;
  #cancel: (() => void) | null = null;
  #over = false;

  /** `quiet` is called each time that nothing has come for too long. */
  constructor(clock: Clock, quiet: () => void) {
    this.#clock = clock;
    this.#quiet = quiet;
    this.#aliveAt = clock.now();
  }

  /** The reply has begun. How long that may take is the core's matter. */
  start(): void {
    this.alive();
    if (!this.#cancel) this.#wait(QUIET_MS);
  }

  /** Something has come: the time runs anew. */
  alive(): void {
    this.#aliveAt = this.#clock.now();
  }

  stop(): void {
    this.#over = true;
    this.#cancel?.();
  }

  #wait(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => {
      const left = this.#aliveAt + QUIET_MS - this.#clock.now();
      if (left <= 0) {
        this.alive();
        this.#quiet();
      }
      if (!this.#over) this.#wait(left > 0 ? left : QUIET_MS);
    });
  }
}
