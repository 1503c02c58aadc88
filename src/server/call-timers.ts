import type { Clock } from '../clock.ts';

/** The timers of one call, by name: setting one anew takes the earlier one back. */
export class CallTimers {
  readonly #clock: Clock;
  readonly #running = new Map<string, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  set(name: string, ms: number, fn: () => void): void {
    this.#running.get(name)?.();
    this.#running.set(
      name,
      this.#clock.after(ms, () => {
        this.#running.delete(name);
        fn();
      }),
    );
  }

  clear(): void {
    for (const cancel of this.#running.values()) cancel();
    this.#running.clear();
  }
}
