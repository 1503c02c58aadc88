import type { Policy } from '../../src/guard/policy.ts';
import type { CallState } from '../../src/guard/state.ts';
import type { Step, Stepped } from '../../src/guard/step.ts';
import type { CallEvent, CallFacts, Effect } from '../../src/guard/types.ts';
import { score } from '../../src/guard/weights.ts';

/** A law of the guard was broken. */
export class LawBroken extends Error {}

export function law(holds: boolean, text: string): asserts holds {
  if (!holds) throw new LawBroken(text);
}

/** Freezes what is new in a value; what an earlier state had is frozen already. */
export function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
}

/** Deep equality of plain data (with sets), quick where parts are shared. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Set && b instanceof Set) return sameValue([...a], [...b]);
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && sameValue(Reflect.get(a, key), Reflect.get(b, key)));
}

/** Points before the cap of a group are whole numbers; the prior is not. */
const NEARLY = 1e-9;

const ACTING: ReadonlySet<Effect['type']> = new Set(['decide', 'hang-up', 'set-reminders']);
const ASKING: ReadonlySet<string> = new Set(['probe', 'closing']);
const isProbe = (effect: Effect): boolean => effect.type === 'say' && ASKING.has(effect.purpose);
/** In shadow mode the guard answers and greets, and no more. */
const PLAIN: ReadonlySet<string> = new Set(['greeting', 'fallback']);
const isPlain = (effect: Effect): boolean =>
  effect.type === 'say' ? PLAIN.has(effect.purpose) : !ACTING.has(effect.type);

/**
 * What must hold in every call, seen from outside: from the events that went in and the effects that came out, and of
 * the state only what the record shows. Throws LawBroken.
 */
export class CallLaws {
  readonly #policy: Policy;
  readonly #step: Step;
  /** What the caller said or who they are must keep them from being hung up on. */
  #protected = false;
  #allowed = false;
  #sanctioned = false;
  #decides = 0;
  #recordedOk = false;
  #resumedLatch = false;
  #refused = false;
  /** Turn number that the platform waits for, and the answers that came for each. */
  #newest: number | null = null;
  readonly #completed = new Map<number, number>();
  readonly #replies = new Set<number>();
  #running: number | null = null;
  /** The reply that runs has begun to be heard. */
  #begun = false;
  /** The turn that the classifier was asked about; how often it was asked, and that a limit was met. */
  #asking: number | null = null;
  #questions = 0;
  #limited = false;
  /** The turn was cut in on, or its socket is gone: the platform waits no more. */
  #givenUp = false;
  readonly #timers = new Map<string, number>();

  constructor(policy: Policy, step: Step) {
    this.#policy = policy;
    this.#step = step;
  }

  /** The caller's protect words are about to be heard. */
  protectHeard(before: CallState): void {
    if (before.phase === 'open' && this.#policy.mode !== 'off') this.#protected = true;
  }

  /** Steps twice from the same frozen state, and holds what comes out against the laws. */
  step(before: CallState, event: CallEvent): Stepped {
    deepFreeze(before);
    deepFreeze(event);
    const stepped = this.#step(before, event);
    deepFreeze(stepped.effects);
    law(sameValue(stepped, this.#step(before, event)), `the same step of ${event.type} came out differently`);
    this.#takeEvent(before, event);
    for (const effect of stepped.effects) this.#takeEffect(before, effect);
    this.#compare(before, event, stepped);
    return stepped;
  }

  #takeEvent(before: CallState, event: CallEvent): void {
    if (event.type === 'call-opened' && event.facts) this.#takeFacts(before, event.facts);
    if (event.type === 'recorded' && before.phase === 'deciding') {
      if (event.ok) this.#recordedOk = true;
      else this.#refused = true;
    }
    if (event.type === 'resumed' && event.resumed.latch) this.#resumedLatch = true;
    if (event.type === 'turn-requested' && (this.#newest === null || event.turn > this.#newest)) {
      this.#newest = event.turn;
      this.#givenUp = false;
    }
    if (event.type === 'reply-started' || event.type === 'replied') {
      law(event.turn === this.#running || event.type === 'replied', 'the test itself: no such reply');
      if (event.type === 'reply-started') this.#begun = true;
      if (event.type === 'replied' && event.turn === this.#running) {
        this.#running = null;
        if (event.result === 'completed') this.#complete(event.turn);
      }
    }
    if (event.type === 'socket-back') {
      // What was on its way is lost: the platform may ask for the same turn again, and must be answered again.
      this.#newest = null;
      this.#completed.clear();
      this.#replies.clear();
    }
    if (event.type === 'woke' && this.#timers.get(event.timer) === event.token) this.#timers.delete(event.timer);
  }

  #takeFacts(before: CallState, facts: CallFacts): void {
    if (before.phase !== 'open' || this.#policy.mode === 'off') return;
    const number = facts.callerNumber ?? '';
    const { allow, protect } = this.#policy.lists;
    this.#sanctioned = /^\+(963|850)/.test(number);
    this.#protected ||= protect.exact.has(number);
    // Words or a list that protect stand above the allow list, and let a question through.
    this.#allowed =
      allow.exact.has(number) &&
      facts.attestation !== 'failed' &&
      !this.#sanctioned &&
      (this.#allowed || before.rule?.name !== 'protect');
  }

  #takeEffect(before: CallState, effect: Effect): void {
    const { mode } = this.#policy;
    if (mode !== 'enforce') law(isPlain(effect), `${effect.type} in mode ${mode}`);
    const spared = (this.#protected || this.#allowed) && !this.#sanctioned && !this.#resumedLatch;
    if (effect.type === 'decide' || effect.type === 'hang-up') {
      law(!spared || this.#recordedOk, 'a protected or allowed caller is hung up on');
      law(!this.#refused || this.#recordedOk, 'a hang-up although the spool had failed');
    }
    if (this.#allowed) law(!isProbe(effect), 'an allowed caller is probed');
    switch (effect.type) {
      case 'decide':
        law(!this.#resumedLatch && ++this.#decides === 1, 'decided twice');
        break;
      case 'hang-up':
        law(this.#recordedOk || this.#resumedLatch, 'a hang-up that is not on disk');
        if (effect.turn !== null) this.#complete(effect.turn);
        else this.#cutIn();
        break;
      case 'reply':
        law(effect.turn === this.#newest, `a reply to turn ${effect.turn}, which nobody waits for`);
        law(!this.#replies.has(effect.turn), `two replies to turn ${effect.turn}`);
        law(this.#running === null, 'two replies at the same time');
        law(before.phase === 'open' || this.#refused, `a reply in phase ${before.phase}`);
        this.#replies.add(effect.turn);
        this.#running = effect.turn;
        this.#begun = false;
        break;
      case 'classify':
        this.#takeQuestion(before, effect.turn);
        break;
      case 'cancel-reply':
        if (this.#running === effect.turn) this.#running = null;
        break;
      case 'say':
        if (effect.turn === null) this.#cutIn();
        else if (effect.done) this.#complete(effect.turn);
        break;
      case 'wake':
        this.#timers.set(effect.timer, effect.token);
        break;
    }
  }

  #takeQuestion(before: CallState, turn: number): void {
    law(this.#policy.mode !== 'off', 'the classifier is asked in mode off');
    law(before.opened && !before.facts.noText, 'the classifier is asked about text that is private');
    law(this.#asking === null, 'the classifier is asked two things at a time');
    law(++this.#questions <= this.#policy.classifications, 'the classifier is asked too often');
    law(!this.#limited, 'the classifier is asked although a limit was met');
    const waits = this.#newest !== null && !this.#completed.has(this.#newest) && !this.#givenUp;
    law(!waits || (this.#running === this.#newest && this.#begun), 'the classifier is asked before the first word');
    this.#asking = turn;
  }

  #cutIn(): void {
    law(this.#running === null, 'cuts in on a reply that still runs');
    this.#givenUp = true;
  }

  #complete(turn: number): void {
    if (turn === 0) return;
    law(turn === this.#newest, `turn ${turn} is completed, but ${this.#newest} is waited for`);
    law(this.#running === null, `turn ${turn} is completed while its reply runs`);
    const times = (this.#completed.get(turn) ?? 0) + 1;
    this.#completed.set(turn, times);
    law(times === 1, `turn ${turn} is completed twice`);
  }

  #compare(before: CallState, event: CallEvent, { state, effects }: Stepped): void {
    if (before.phase === 'latched') {
      law(state.phase === 'latched' || state.phase === 'over', `un-hung by ${event.type}`);
      law(state.latch === before.latch, 'the latch was changed');
    }
    if (before.latch && (before.phase === 'latched' || before.phase === 'over')) {
      law(state.rung === 'hang_up', `rung ${state.rung} after the hang-up`);
    }
    if (before.phase === 'over') law(state.phase === 'over', 'a call that was over goes on');
    const mayDecide = this.#policy.mode === 'enforce' && !this.#refused && !this.#resumedLatch;
    if (event.type === 'call-opened' && this.#sanctioned && mayDecide && before.phase === 'open') {
      law(state.latch?.category === 'sanctioned_country', 'a sanctioned number is served');
    }
    this.#modelsOnlyAdd(before, event, { state, effects });
    if (effects.some((effect) => effect.type === 'finish')) {
      law(state.phase === 'over' && state.outcome !== null, 'finished without an outcome');
    }
    this.#everyTurnIsCaredFor(state);
  }

  /** What models say is evidence: it moves the sum by what their group may give, and up only. */
  #modelsOnlyAdd(before: CallState, event: CallEvent, { state, effects }: Stepped): void {
    const { weights, priorPoints } = this.#policy;
    const others = state.verdict.evidence.filter((one) => one.group !== 'model');
    if (others.length < state.verdict.evidence.length) {
      const without = score(weights, priorPoints, others).points;
      law(state.verdict.points >= without - NEARLY, 'a model has lowered the sum');
      law(state.verdict.points <= without + (weights.groups.model?.max ?? 0) + NEARLY, 'models count without a cap');
    }
    const decided = effects.find((effect) => effect.type === 'decide');
    if (decided && !['blocked_number', 'sanctioned_country'].includes(decided.latch.category)) {
      law(
        others.some((one) => one.points > 0 && one.group !== 'caller' && !one.shadow),
        'a hang-up that rests on a model',
      );
    }
    if (event.type !== 'classified' && event.type !== 'model-reported') return;
    law(effects.length === 0, `${event.type} is not evidence but an order`);
    const counts =
      event.type === 'model-reported' ? event.quoted : event.result === 'answered' && this.#isOf(event.turn, state);
    law(counts || state.verdict.points === before.verdict.points, `${event.type} counts where it must not`);
    if (event.type === 'classified' && event.turn === this.#asking) {
      this.#asking = null;
      this.#limited ||= event.result === 'limited';
    }
  }

  /** The classifier was asked about this turn, and the caller has not had another one since. */
  #isOf(turn: number, state: CallState): boolean {
    return turn === this.#asking && turn === state.heard.reading.callerTurns;
  }

  #everyTurnIsCaredFor(state: CallState): void {
    const turn = this.#newest;
    if (turn === null || this.#completed.has(turn) || this.#givenUp) return;
    if (state.phase === 'over' || state.phase === 'deciding') return;
    const pending = (timer: string): boolean => this.#timers.get(timer) === state.tokens[timer];
    if (this.#running === turn) {
      law(state.turn?.started === true || pending('reply'), `the reply to turn ${turn} has no deadline`);
      return;
    }
    const waits =
      (state.turn?.state === 'held' && pending('hold')) || (state.turn?.state === 'open' && pending('closing'));
    law(waits, `nobody answers turn ${turn}`);
  }
}
