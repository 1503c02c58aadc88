import type { Clock } from '../../clock.ts';

/** Milliseconds since the call was picked up. Once stopped, nothing that was scheduled happens. */
export class Timeline {
  readonly #clock: Clock;
  readonly #start: number;
  #stopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#start = clock.now();
  }

  nowMs(): number {
    return this.#clock.now() - this.#start;
  }

  /** The same moment as the wall has it, whole milliseconds. */
  epochMs(): number {
    return Math.round(this.#clock.now());
  }

  /** Runs `fn` at a moment of the call, or at once when it has passed. */
  at(ms: number, fn: () => void): () => void {
    return this.after(ms - this.nowMs(), fn);
  }

  after(ms: number, fn: () => void): () => void {
    if (this.#stopped) return () => undefined;
    return this.#clock.after(Math.max(0, ms), () => {
      if (!this.#stopped) fn();
    });
  }

  stop(): void {
    this.#stopped = true;
  }
}
