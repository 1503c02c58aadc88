import type { Caller, CallerLink, Heard } from './caller.ts';
import { talkIn } from './person-talk.ts';
import type { ProbeRecogniser } from './probe-texts.ts';
import type { Rng } from './rng.ts';
import type { CallerLine, Scenario } from './scenario.ts';
import { cutIntoSegments, PERSON_PAUSES } from './segments.ts';
import { joinWords, splitWords } from './words.ts';

/** Share of agent turns that a person barges in on; each person has a rate of their own in this range. */
export const BARGE_IN_MIN = 0.12;
export const BARGE_IN_MAX = 0.2;
export const BACK_CHANNEL = 0.1;
/** Turns in which a person says nothing until reminded. */
export const SILENT_TURN = 0.03;
export const OFF_TOPIC = 0.04;
/** Probes that a person passes over, going on with their next line. */
export const PROBE_IGNORED = 0.11;
/** Probes that are answered clumsily: "what?", "yeah", half a repeat. */
export const PROBE_CLUMSY = 0.35;
/** Probes that are answered by a key, where the agent offers one. */
export const CLOSING_BY_DIGIT = 0.08;
/** People who wait silently through "one moment". */
export const HOLD_WAITED = 2 / 3;
/** People who say hello before the agent does. */
export const EARLY_HELLO = 0.1;

/** From the end of the agent's words to the person's. */
export const GAP_MIN_MS = 150;
export const GAP_MAX_MS = 4_000;
const GAP_MEDIAN_MS = 650;
const GAP_SIGMA = 0.85;
/** How long a person waits for an answer before they ask, and how often they ask. */
const PATIENCE_MS = 12_000;
const PATIENCE_TIMES = 2;
/** How long a silent person waits for a reminder that does not come. */
const REMINDER_WAIT_MS = 22_000;
const LEAVE_MIN_MS = 1_500;
const LEAVE_MAX_MS = 2_500;

export function drawGap(rng: Rng): number {
  return Math.round(rng.skewed(GAP_MEDIAN_MS, GAP_SIGMA, GAP_MIN_MS, GAP_MAX_MS));
}

/** Somebody with something to say, who listens. */
export class Person implements Caller {
  readonly #scenario: Scenario;
  readonly #link: CallerLink;
  readonly #rng: Rng;
  readonly #recognise: ProbeRecogniser;
  readonly #rest: CallerLine[];
  readonly #bargeIn: number;
  #talking = false;
  #pending: (() => void) | null = null;
  #lastSaid = '';
  #asked = 0;
  #saidAllMs: number | null = null;

  constructor(scenario: Scenario, link: CallerLink, rng: Rng, recognise: ProbeRecogniser) {
    this.#scenario = scenario;
    this.#link = link;
    this.#rng = rng;
    this.#recognise = recognise;
    this.#rest = [...scenario.lines];
    this.#bargeIn = rng.uniform(BARGE_IN_MIN, BARGE_IN_MAX);
  }

  get saidAllMs(): number | null {
    return this.#saidAllMs;
  }

  pickUp(): void {
    const hello = talkIn(this.#scenario.language)?.stillThere[0];
    if (this.#scenario.improvise && hello !== undefined && this.#rng.chance(EARLY_HELLO)) {
      this.#later(this.#rng.uniform(300, 2_500), () => this.#say(hello));
    } else {
      this.#later(this.#rng.uniform(2_500, 5_000), () => this.#next(0));
    }
  }

  agentStarted(): void {
    if (this.#talking) return;
    this.#pending?.();
    this.#pending = null;
    const next = this.#rest[0];
    if (next?.type === 'say' && next.bargeIn === true) {
      this.#later(this.#rng.uniform(600, 1_200), () => this.#next(0));
    } else if (this.#scenario.improvise && this.#rng.chance(this.#bargeIn)) {
      if (next?.type === 'say') this.#later(this.#rng.uniform(300, 2_500), () => this.#next(0));
    } else if (this.#scenario.improvise && this.#rng.chance(BACK_CHANNEL)) {
      const word = this.#rng.pick(talkIn(this.#scenario.language)?.backChannel ?? ['mm']);
      this.#later(this.#rng.uniform(600, 2_500), () => {
        this.#talking = true;
        this.#link.say(word, () => {
          this.#talking = false;
          this.#patience();
        });
      });
    }
  }

  agentQuiet(heard: Heard): void {
    if (this.#talking) return;
    this.#pending?.();
    this.#pending = null;
    if (heard.cut) {
      this.#patience();
      return;
    }
    this.#asked = 0;
    const kind = this.#recognise(heard.text);
    if (kind !== null && !(this.#scenario.improvise && this.#rng.chance(PROBE_IGNORED))) this.#answer(kind);
    else this.#next();
  }

  reminded(): void {
    // Nothing to hear yet.
  }

  #answer(kind: string): void {
    const rng = this.#rng;
    const own = this.#scenario.probes[kind];
    const talk = talkIn(this.#scenario.language);
    if (own !== undefined) {
      if (own.type === 'wait') this.#patience();
      else if (own.type === 'ignore') this.#next();
      else if (own.type === 'digit') this.#press(own.digit, drawGap(rng));
      else this.#sayAfter(drawGap(rng), own.text);
      return;
    }
    const { improvise } = this.#scenario;
    if (kind === 'hold' && (!improvise || rng.chance(HOLD_WAITED))) {
      this.#patience();
      return;
    }
    if (kind === 'closing' && improvise && rng.chance(CLOSING_BY_DIGIT)) {
      this.#press(String(rng.int(0, 9)), drawGap(rng));
      return;
    }
    const fitting = kind === 'again' ? [this.#lastSaid] : (talk?.fitting[kind] ?? []);
    const clumsy = improvise && rng.chance(PROBE_CLUMSY);
    const halfRepeat = firstHalf(this.#lastSaid);
    const choices = clumsy ? [...(talk?.clumsy ?? []), halfRepeat] : fitting;
    const sayable = choices.filter((text) => text !== '');
    if (sayable.length === 0) {
      this.#next();
      return;
    }
    this.#sayAfter(drawGap(rng), rng.pick(sayable));
  }

  /** The next line, or the end of the call. */
  #next(gapMs?: number): void {
    const rng = this.#rng;
    const line = this.#rest[0];
    if (line === undefined) {
      this.#later(rng.uniform(LEAVE_MIN_MS, LEAVE_MAX_MS), () => this.#link.leave());
      return;
    }
    if (this.#scenario.improvise && gapMs === undefined) {
      if (rng.chance(SILENT_TURN)) {
        this.#awaitReminder();
        return;
      }
      const offTopic = talkIn(this.#scenario.language)?.offTopic;
      if (offTopic !== undefined && rng.chance(OFF_TOPIC)) {
        this.#sayAfter(drawGap(rng), rng.pick(offTopic));
        return;
      }
    }
    const ownGap = line.type === 'silent' ? undefined : line.gapMs;
    const afterMs = gapMs ?? ownGap ?? drawGap(rng);
    if (line.type === 'silent') {
      this.#take();
      this.#awaitReminder();
    } else if (line.type === 'digit') {
      this.#later(afterMs, () => {
        this.#take();
        this.#press(line.digit, 0);
      });
    } else {
      this.#later(afterMs, () => {
        this.#rest.shift();
        this.#lastSaid = line.text;
        this.#say(line.text, true);
      });
    }
  }

  #take(): void {
    this.#rest.shift();
    if (this.#rest.length === 0) this.#saidAllMs ??= this.#link.timeline.nowMs();
  }

  #awaitReminder(): void {
    this.#later(REMINDER_WAIT_MS, () => this.#next(0));
  }

  #press(digit: string, afterMs: number): void {
    this.#later(afterMs, () => {
      this.#link.press(digit);
      this.#patience();
    });
  }

  #sayAfter(gapMs: number, text: string): void {
    this.#later(gapMs, () => this.#say(text));
  }

  /** People pause within what they say, as everybody does; the agent may then cut in. */
  #say(text: string, ownLine = false): void {
    this.#talking = true;
    const segments = cutIntoSegments(text, this.#rng, PERSON_PAUSES);
    const speak = (index: number): void => {
      const segment = segments[index];
      if (segment === undefined) {
        this.#talking = false;
        if (ownLine && this.#rest.length === 0) this.#saidAllMs ??= this.#link.timeline.nowMs();
        this.#patience();
        return;
      }
      this.#link.timeline.after(segment.gapMs, () => this.#link.say(segment.text, () => speak(index + 1)));
    };
    speak(0);
  }

  /** Waits for the agent; asks after a while; gives up in the end. */
  #patience(): void {
    this.#later(PATIENCE_MS, () => {
      this.#asked++;
      const ask = talkIn(this.#scenario.language)?.stillThere ?? [];
      if (this.#asked > PATIENCE_TIMES || ask.length === 0) this.#link.leave();
      else this.#say(this.#rng.pick(ask));
    });
  }

  #later(ms: number, fn: () => void): void {
    this.#pending?.();
    this.#pending = this.#link.timeline.after(ms, () => {
      this.#pending = null;
      fn();
    });
  }
}

function firstHalf(text: string): string {
  const words = splitWords(text);
  return joinWords(words.slice(0, Math.ceil(words.length / 2)));
}
