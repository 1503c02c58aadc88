import type { Clock } from '../../clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  fn: (() => void) | null;
}

/** Work by the wall that is under way: a promise of its end, which never rejects; undefined: there is none. */
export type Hold = () => Promise<unknown> | undefined;

/** A fixed moment, so that two runs with one seed agree on every timestamp: 2026-01-05 15:00 UTC. */
const START_OF_TIME = Date.UTC(2026, 0, 5, 15);

/**
 * Time that jumps from timer to timer. Guard and player share one, so a call of minutes runs in milliseconds
 * and the same way each time. Real I/O is waited for only where `holdFor` tells of it: time stands still meanwhile.
 */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #heap: Timer[] = [];
  readonly #holds: Hold[] = [];

  constructor(start: number = START_OF_TIME) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, fn: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, ms), order: this.#order++, fn };
    this.#push(timer);
    return () => {
      timer.fn = null;
    };
  }

  /** Time stands still while `hold` says that work is under way; asked after every moment. */
  holdFor(hold: Hold): void {
    this.#holds.push(hold);
  }

  /**
   * Fires timers in order of time, letting promises settle after each, until none is left or `until` is settled.
   * Rejects with what `until` rejects with, and when timers run out while `until` still waits.
   */
  async run<T = void>(until?: Promise<T>): Promise<T | undefined> {
    let settled = false;
    const done = until?.finally(() => {
      settled = true;
    });
    // Seen by the await below; without this a rejection in between would be reported as unhandled.
    done?.catch(() => undefined);
    await this.#settle();
    while (!settled) {
      const timer = this.#pop();
      if (timer === undefined) break;
      if (timer.fn === null) continue;
      this.#now = timer.at;
      timer.fn();
      await this.#settle();
    }
    if (done === undefined) return undefined;
    if (!settled) throw new Error('virtual time ran out: nothing is scheduled and the call has not ended');
    return done;
  }

  async #settle(): Promise<void> {
    await turn();
    for (let i = 0; i < this.#holds.length; i++) {
      const work = this.#holds[i]?.();
      if (work === undefined) continue;
      await work;
      await turn();
      // What it brought may have set others going.
      i = -1;
    }
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let i = heap.length;
    heap.push(timer);
    while (i > 0) {
      const up = (i - 1) >> 1;
      const parent = heap[up] as Timer;
      if (!isBefore(timer, parent)) break;
      heap[i] = parent;
      i = up;
    }
    heap[i] = timer;
  }

  #pop(): Timer | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Timer, heap[child] as Timer)) child++;
      if (!isBefore(heap[child] as Timer, last)) break;
      heap[i] = heap[child] as Timer;
      i = child;
    }
    heap[i] = last;
    return first;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** One turn of the event loop: the microtask queue is empty afterwards, however long its chains were. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
