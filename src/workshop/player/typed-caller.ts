import type { Clock } from '../../clock.ts';
import type { Caller, CallerLink, Heard } from './caller.ts';
import { leadIn } from './lead-in.ts';
import { drawGap } from './person.ts';
import type { Rng } from './rng.ts';
import { cutIntoSegments, drawPause, PERSON_PAUSES, TAPE_PAUSES } from './segments.ts';
import type { Cue, TypedAct, Typist } from './typist.ts';

/** From the first sound of the agent's line to that of what is said over it. */
const OVER_AFTER_MS = 800;
/** Without a word of the agent for this long it is the caller's turn. */
const PATIENCE_MS = 6_000;
/** So much longer somebody waits who means to. */
const LISTEN_MS = 15_000;
const LEAVE_MIN_MS = 1_500;
const LEAVE_MAX_MS = 2_500;
/** A line on which a recording has ended stays open through two reminders and a while, as any tape's does. */
const REMINDERS_AFTER = 2;
const AFTER_REMINDERS_MS = 8_000;
const AFTER_TAPE_MS = 60_000;

type Say = Extract<TypedAct, { type: 'say' }>;

/** A caller that is told from outside what to do next, each time when it is their turn. */
export class TypedCaller implements Caller {
  readonly #link: CallerLink;
  readonly #typist: Typist;
  readonly #rng: Rng;
  #lead: Caller | null = null;
  /** `listening`: for the caller's turn. */
  #doing: 'asked' | 'busy' | 'listening' | 'leaving' = 'busy';
  #talking = false;
  #recording = false;
  /** A line that waits for the caller's turn. */
  #due: Say | null = null;
  #over: string | null = null;
  #overTimer: (() => void) | null = null;
  #timer: (() => void) | null = null;
  #reminders = 0;
  #saidAllMs: number | null = null;

  /** `lead`: who plays the call until they have said all; then the typist takes over. */
  constructor(
    link: CallerLink,
    options: {
      readonly typist: Typist;
      readonly rng: Rng;
      readonly lead?: { readonly clock: Clock; readonly caller: (link: CallerLink) => Caller };
    },
  ) {
    this.#link = link;
    this.#typist = options.typist;
    this.#rng = options.rng;
    if (options.lead === undefined) return;
    this.#lead = leadIn(link, {
      ...options.lead,
      said: (text, fromMs) => this.#typist.callerSaid(text, fromMs, false),
      pressed: (digit, atMs) => this.#typist.callerPressed(digit, atMs),
      over: () => {
        this.#lead = null;
        this.#listen(PATIENCE_MS);
      },
    });
  }

  get saidAllMs(): number | null {
    return this.#saidAllMs;
  }

  pickUp(): void {
    if (this.#lead !== null) this.#lead.pickUp();
    else this.#ask('pick-up');
  }

  agentStarted(): void {
    this.#typist.agentStarted(this.#link.timeline.nowMs());
    if (this.#lead !== null) {
      this.#lead.agentStarted();
      return;
    }
    if (this.#doing === 'listening') this.#cancel();
    const text = this.#over;
    if (text === null || this.#talking) return;
    this.#overTimer = this.#link.timeline.after(OVER_AFTER_MS, () => {
      this.#over = null;
      if (this.#talking || this.#doing === 'leaving') return;
      this.#cancel();
      this.#speak({ type: 'say', text }, true);
    });
  }

  agentQuiet(heard: Heard): void {
    this.#typist.agentSaid(heard);
    if (this.#lead !== null) {
      this.#lead.agentQuiet(heard);
      return;
    }
    this.#overTimer?.();
    if (this.#doing === 'leaving' && this.#recording && this.#reminders >= REMINDERS_AFTER) {
      this.#later(AFTER_REMINDERS_MS, () => this.#link.leave());
    }
    if (this.#talking || this.#doing !== 'listening') return;
    // Cut by the server itself: what it has to say instead follows.
    if (heard.cut) this.#listen(PATIENCE_MS);
    else this.#turn(heard.complete ? 'turn' : 'pause');
  }

  reminded(): void {
    if (this.#saidAllMs !== null) this.#reminders++;
  }

  #ask(cue: Cue): void {
    this.#doing = 'asked';
    // In a moment of its own: whatever this one brings, such as the end of the call, comes first.
    this.#later(0, () => {
      this.#typist.next(cue).then((act) => this.#do(act, cue));
    });
  }

  #do(act: TypedAct, cue: Cue): void {
    this.#doing = 'busy';
    switch (act.type) {
      case 'say':
        if (act.recording === true) {
          this.#later(act.gapMs ?? drawPause(this.#rng, TAPE_PAUSES), () => this.#speak(act, false));
        } else if (cue === 'pick-up' || cue === 'said') {
          this.#due = act;
          this.#listen(PATIENCE_MS);
        } else {
          this.#later(act.gapMs ?? drawGap(this.#rng), () => this.#speakInTurn(act));
        }
        break;
      case 'digit':
        this.#later(act.gapMs ?? drawGap(this.#rng), () => {
          this.#typist.callerPressed(act.digit, this.#link.timeline.nowMs());
          this.#link.press(act.digit);
          this.#after();
        });
        break;
      case 'over':
        this.#over = act.text;
        this.#ask(cue);
        break;
      case 'silence':
        this.#later(act.ms, () => (this.#link.agentSpeaking() ? this.#listen(PATIENCE_MS) : this.#turn('turn')));
        break;
      case 'listen':
        this.#listen(cue === 'pick-up' ? PATIENCE_MS : LISTEN_MS);
        break;
      case 'leave':
        this.#leave(act.atOnce);
        break;
    }
  }

  /** A person does not begin while the agent is speaking. */
  #speakInTurn(act: Say): void {
    if (!this.#link.agentSpeaking()) {
      this.#speak(act, false);
      return;
    }
    this.#due = { type: 'say', text: act.text };
    this.#listen(PATIENCE_MS);
  }

  #speak({ text, recording = false }: Say, over: boolean): void {
    this.#doing = 'busy';
    this.#talking = true;
    this.#recording = recording;
    const segments = cutIntoSegments(text, this.#rng, recording ? TAPE_PAUSES : PERSON_PAUSES);
    const step = (index: number): void => {
      const segment = segments[index];
      if (segment === undefined) {
        this.#talking = false;
        this.#after();
        return;
      }
      this.#link.timeline.after(segment.gapMs, () => {
        const fromMs = this.#link.timeline.nowMs();
        this.#link.say(segment.text, () => {
          this.#typist.callerSaid(segment.text, fromMs, over);
          step(index + 1);
        });
      });
    };
    step(0);
  }

  /** A tape goes on by itself; a person waits for the agent. */
  #after(): void {
    if (this.#recording) this.#ask('said');
    else this.#listen(PATIENCE_MS);
  }

  #listen(patienceMs: number): void {
    this.#doing = 'listening';
    this.#cancel();
    if (this.#link.agentSpeaking()) return;
    this.#later(patienceMs, () => this.#turn('turn'));
  }

  #turn(cue: Cue): void {
    const due = this.#due;
    if (due === null) {
      this.#ask(cue);
    } else if (cue === 'pause') {
      this.#listen(PATIENCE_MS);
    } else {
      this.#due = null;
      this.#do(due, cue);
    }
  }

  #leave(atOnce: boolean): void {
    if (!atOnce && this.#over !== null) {
      // What was to be said over the agent's next line is said first, where there is one.
      this.#listen(LISTEN_MS);
      const dropped = this.#over;
      this.#later(LISTEN_MS, () => {
        if (this.#over === dropped) this.#over = null;
        this.#turn('turn');
      });
      return;
    }
    this.#doing = 'leaving';
    this.#saidAllMs ??= this.#link.timeline.nowMs();
    const tape = this.#recording ? AFTER_TAPE_MS : this.#rng.uniform(LEAVE_MIN_MS, LEAVE_MAX_MS);
    this.#later(atOnce ? 0 : tape, () => this.#link.leave());
  }

  #later(ms: number, fn: () => void): void {
    this.#cancel();
    this.#timer = this.#link.timeline.after(ms, () => {
      this.#timer = null;
      fn();
    });
  }

  #cancel(): void {
    this.#timer?.();
    this.#timer = null;
  }
}
