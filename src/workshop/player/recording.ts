import type { Caller, CallerLink } from './caller.ts';
import { drawGap } from './person.ts';
import type { Rng } from './rng.ts';
import type { Scenario } from './scenario.ts';
import { ONSET_JITTER_SIGMA_MS, recordTape, replayTape, type TapeItem } from './tape.ts';

/** Recordings that begin when the greeting has ended. The others begin on their own, so many ms after pick-up. */
export const WAITS_FOR_GREETING = 0.4;
const START_MIN_MS = 300;
const START_MAX_MS = 3_000;
/** No greeting comes: it begins anyway. */
const GREETING_WAIT_MS = 8_000;
/** Tapes that start over once. */
export const LOOPS_ONCE = 0.25;
const LOOP_GAP_MIN_MS = 1_000;
const LOOP_GAP_MAX_MS = 4_000;
/** A tape that loops for good is cut off after so many rounds. */
const MAX_ROUNDS = 20;
/** After the tape: the line stays open through this many reminders, then a while, then it is dropped. */
const REMINDERS_AFTER = 2;
const AFTER_REMINDERS_MS = 8_000;
const AFTER_TAPE_MAX_MS = 60_000;

/** A tape: its own clock, deaf. */
export class Recording implements Caller {
  readonly #link: CallerLink;
  readonly #rng: Rng;
  readonly #tape: readonly TapeItem[];
  readonly #exact: boolean;
  readonly #startMs: number | null;
  readonly #rounds: number;
  #started = false;
  #saidAllMs: number | null = null;
  #reminders = 0;
  #leaving = false;

  /** `tapeRng` makes the tape (the same for every replay of a scenario), `rng` this replay. */
  constructor(scenario: Scenario, link: CallerLink, tapeRng: Rng, rng: Rng) {
    this.#link = link;
    this.#rng = rng;
    this.#exact = !scenario.improvise;
    this.#tape = recordTape(scenario, tapeRng);
    const first = scenario.lines[0];
    const setMs = first !== undefined && first.type !== 'silent' && !scenario.improvise ? first.gapMs : undefined;
    const jitterMs = rng.normal(0, ONSET_JITTER_SIGMA_MS);
    if (setMs !== undefined) this.#startMs = Math.max(0, setMs + jitterMs);
    else if (tapeRng.chance(WAITS_FOR_GREETING)) this.#startMs = null;
    else this.#startMs = Math.max(0, tapeRng.uniform(START_MIN_MS, START_MAX_MS) + jitterMs);
    const loops = scenario.loop ?? tapeRng.chance(LOOPS_ONCE);
    this.#rounds = loops ? (scenario.improvise ? 2 : MAX_ROUNDS) : 1;
  }

  get saidAllMs(): number | null {
    return this.#saidAllMs;
  }

  pickUp(): void {
    this.#link.timeline.after(this.#startMs ?? GREETING_WAIT_MS, () => this.#start());
  }

  agentStarted(): void {
    // A tape does not hear.
  }

  agentQuiet(): void {
    if (this.#startMs === null && !this.#started) {
      this.#link.timeline.after(drawGap(this.#rng), () => this.#start());
    }
    // Time for what the agent has to say to the second reminder, and a little more.
    if (this.#reminders < REMINDERS_AFTER || this.#leaving) return;
    this.#leaving = true;
    this.#link.timeline.after(AFTER_REMINDERS_MS, () => this.#link.leave());
  }

  reminded(): void {
    if (this.#saidAllMs !== null) this.#reminders++;
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#round(1);
  }

  #round(round: number): void {
    const items = replayTape(this.#tape, this.#rng, this.#exact);
    const step = (index: number): void => {
      const item = items[index];
      if (item === undefined) {
        this.#ended(round);
        return;
      }
      // The pause before the first item is the start itself.
      this.#link.timeline.after(index === 0 ? 0 : item.gapMs, () => {
        if (item.type === 'say') {
          this.#link.say(item.text, () => step(index + 1));
        } else {
          this.#link.press(item.digit);
          step(index + 1);
        }
      });
    };
    step(0);
  }

  #ended(round: number): void {
    if (round < this.#rounds) {
      this.#link.timeline.after(this.#rng.uniform(LOOP_GAP_MIN_MS, LOOP_GAP_MAX_MS), () => this.#round(round + 1));
      return;
    }
    this.#saidAllMs = this.#link.timeline.nowMs();
    this.#link.timeline.after(AFTER_TAPE_MAX_MS, () => this.#link.leave());
  }
}
