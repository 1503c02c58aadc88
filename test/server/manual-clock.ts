import type { Clock } from '../../src/clock.ts';

interface Timer {
  readonly at: number;
  readonly fn: () => void;
}

/** One turn of the event loop, in which promises settle and loopback sockets are read. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that stands still until it is told to pass. Sockets go on meanwhile. */
export class ManualClock implements Clock {
  #now = Date.UTC(2026, 0, 5, 15);
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  after(ms: number, fn: () => void): () => void {
    const timer: Timer = { at: this.#now + ms, fn };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Lets `ms` pass: rings what is due, in order, and lets promises settle after each. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (let next = this.#due(until); next; next = this.#due(until)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.fn();
      await breathe();
    }
    this.#now = until;
    await breathe();
  }

  #due(until: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (timer.at <= until && (!first || timer.at < first.at)) first = timer;
    return first;
  }
}
