import type { PlannedWord } from './speech-plan.ts';
import type { Timeline } from './timeline.ts';

export interface CallerVoiceEvents {
  onStart(atMs: number): void;
  /** A word has been spoken. */
  onWord(word: PlannedWord): void;
  onStop(atMs: number): void;
}

/** Speaks planned words on the call's timeline, one stretch at a time. */
export class CallerVoice {
  readonly #timeline: Timeline;
  readonly #events: CallerVoiceEvents;
  #words = 0;
  #talking = false;

  constructor(timeline: Timeline, events: CallerVoiceEvents) {
    this.#timeline = timeline;
    this.#events = events;
  }

  get talking(): boolean {
    return this.#talking;
  }

  /** Words spoken so far, heard rightly or not. */
  get spokenWords(): number {
    return this.#words;
  }

  /** Starts now. `then` is called when the last word is out. */
  speak(plan: readonly PlannedWord[], then: () => void): void {
    const first = plan[0];
    if (first === undefined) {
      this.#timeline.after(0, then);
      return;
    }
    this.#talking = true;
    this.#events.onStart(first.startMs);
    this.#word(plan, 0, then);
  }

  #word(plan: readonly PlannedWord[], index: number, then: () => void): void {
    const word = plan[index];
    if (word === undefined) return;
    this.#timeline.at(word.endMs, () => {
      this.#words++;
      const last = index === plan.length - 1;
      this.#events.onWord(word);
      if (!last) {
        this.#word(plan, index + 1, then);
        return;
      }
      this.#talking = false;
      this.#events.onStop(word.endMs);
      then();
    });
  }
}
