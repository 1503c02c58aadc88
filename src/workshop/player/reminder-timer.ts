import type { Timeline } from './timeline.ts';

/** Defaults of an agent (Retell: `reminder_trigger_ms`, `reminder_max_count`). */
const TRIGGER_MS = 10_000;
const MAX_COUNT = 1;

/** Notices that nobody speaks. */
export class ReminderTimer {
  readonly #timeline: Timeline;
  readonly #fire: () => void;
  #triggerMs = TRIGGER_MS;
  #maxCount = MAX_COUNT;
  #count = 0;
  #silentSinceMs: number | null = null;
  #timer: (() => void) | null = null;

  constructor(timeline: Timeline, fire: () => void) {
    this.#timeline = timeline;
    this.#fire = fire;
  }

  /** From now on nobody speaks and nothing is owed. */
  arm(): void {
    this.#silentSinceMs = this.#timeline.nowMs();
    this.#schedule();
  }

  /** Somebody speaks, or an answer is awaited. */
  stop(): void {
    this.#silentSinceMs = null;
    this.#timer?.();
    this.#timer = null;
  }

  /** The caller has broken the silence: reminders are counted anew. */
  callerSpoke(): void {
    this.#count = 0;
    this.stop();
  }

  set(triggerMs: number | undefined, maxCount: number | undefined): void {
    this.#triggerMs = triggerMs ?? this.#triggerMs;
    this.#maxCount = maxCount ?? this.#maxCount;
    if (this.#silentSinceMs !== null) this.#schedule();
  }

  #schedule(): void {
    this.#timer?.();
    this.#timer = null;
    if (this.#silentSinceMs === null || this.#count >= this.#maxCount) return;
    this.#timer = this.#timeline.at(this.#silentSinceMs + this.#triggerMs, () => {
      this.#timer = null;
      this.#count++;
      this.#fire();
    });
  }
}
