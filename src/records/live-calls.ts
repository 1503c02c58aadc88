import type { Resumed } from '../guard/types.ts';
import { type CallState, resumedOf, takeLine } from './call-state.ts';
import type { SpoolLine } from './record.ts';

/** Calls remembered; the one that was heard of longest ago goes first. */
const MAX_CALLS = 10_000;

/** Greeting and latch of this process's own calls, so that a latch holds even while the store does not answer. */
export class LiveCalls {
  readonly #calls = new Map<string, CallState>();

  take(line: SpoolLine): void {
    const before = this.#calls.get(line.callId);
    this.#calls.delete(line.callId);
    this.#calls.set(line.callId, { ...takeLine(before, line), record: null });
    if (this.#calls.size > MAX_CALLS) {
      const [oldest] = this.#calls.keys();
      if (oldest !== undefined) this.#calls.delete(oldest);
    }
  }

  resume(callId: string, now: number): Resumed | null {
    const call = this.#calls.get(callId);
    return call === undefined ? null : resumedOf(call, now);
  }

  /** Forgets what belongs to a number that is erased. */
  erase(isOfNumber: (callerNumber: string | undefined) => boolean): void {
    for (const [callId, call] of this.#calls) if (isOfNumber(call.callerNumber)) this.#calls.delete(callId);
  }
}
