import { startCall } from '../../src/guard/state.ts';
import type { Step } from '../../src/guard/step.ts';
import type { CallEvent, Effect, PlatformEvent, RunnerEvent } from '../../src/guard/types.ts';
import { CallLaws } from './call-laws.ts';
import { HISTORIES, type ModelAnswer, policyOfScript, type Script } from './call-script.ts';

/** The epoch at which histories are looked up. */
const NOW = 1_000;

/** The shell of one generated call: steps in order, carries effects out, keeps time and timers. */
export class GeneratedShell {
  readonly events: CallEvent[] = [];
  readonly effects: Effect[] = [];
  state;
  protected readonly script: Script;
  protected readonly laws: CallLaws;
  protected readonly timers = new Map<string, { readonly token: number; readonly due: number }>();
  protected at = 0;
  protected socket: 'up' | 'lost' = 'up';
  protected reply: { readonly turn: number; started: boolean } | null = null;
  /** What a slow spool will answer. */
  protected toRecord: boolean | null = null;
  readonly #queue: (PlatformEvent | RunnerEvent)[] = [];
  #deaf = 0;
  #lookUps = 0;
  /** The turn that the classifier works on. */
  #asked: number | null = null;
  #answered = 0;
  #busy = false;

  constructor(script: Script, step: Step) {
    const policy = policyOfScript(script);
    this.script = script;
    this.laws = new CallLaws(policy, step);
    this.state = startCall(policy, { callId: 'call_1', agent: 'default', platform: 'retell' });
  }

  protected get over(): boolean {
    return this.state.phase === 'over';
  }

  protected feed(event: PlatformEvent | RunnerEvent): void {
    this.#queue.push(event);
    this.takeIn();
  }

  /** Steps in order, as the shell does: what arises while effects are carried out waits for them. */
  protected takeIn(): void {
    if (this.#busy) return;
    this.#busy = true;
    for (let next = this.#queue.shift(); next && !this.over; next = this.#queue.shift()) {
      const stamped = { ...next, at: this.at } as CallEvent;
      this.events.push(stamped);
      const { state, effects } = this.laws.step(this.state, stamped);
      this.state = state;
      for (const effect of effects) this.#carryOut(effect);
    }
    this.#queue.length = 0;
    this.#busy = false;
  }

  #carryOut(effect: Effect): void {
    this.effects.push(effect);
    const { spool, stopWorks, deafTo, lookUp, replies } = this.script;
    switch (effect.type) {
      case 'wake':
        this.timers.set(effect.timer, { token: effect.token, due: this.at + effect.afterMs });
        break;
      case 'decide': {
        const ok = spool === 'ok' || spool === 'slow';
        if (spool.startsWith('slow')) this.toRecord = ok;
        else this.#queue.push({ type: 'recorded', ok });
        break;
      }
      case 'hang-up':
        this.#queue.push({ type: 'sent', attempt: effect.attempt });
        if (effect.attempt === 4) this.#queue.push({ type: 'stopped', ok: stopWorks });
        if (this.script.dropsAtHangUp && this.#deaf === 0 && this.socket === 'up') {
          this.#deaf++;
          this.drop();
        } else if (this.socket === 'up' && ++this.#deaf > deafTo) {
          this.#queue.push({ type: 'socket-closed', how: 'platform', code: 1000 });
        }
        break;
      case 'look-up':
        this.#lookUps++;
        if (lookUp === 'at-once') this.lookedUp();
        break;
      case 'reply':
        this.reply = { turn: effect.turn, started: false };
        if (replies === 'never') break;
        if (replies !== 'fails') this.replyStarts();
        if (replies === 'at-once') this.replyEnds('completed');
        if (replies.startsWith('fails')) this.replyEnds('failed');
        break;
      case 'classify':
        this.#asked = effect.turn;
        if (this.script.classifier === 'at-once') this.classified();
        break;
      case 'cancel-reply':
        if (this.reply?.turn === effect.turn) this.replyEnds('cancelled');
        break;
    }
  }

  protected replyStarts(): void {
    if (!this.reply) return;
    this.reply.started = true;
    this.#queue.push({ type: 'reply-started', turn: this.reply.turn });
  }

  protected replyEnds(result: 'completed' | 'failed' | 'cancelled'): void {
    if (!this.reply) return;
    this.#queue.push({
      type: 'replied',
      turn: this.reply.turn,
      result,
      ...(result === 'failed' ? { error: 'broke' } : {}),
    });
    this.reply = null;
  }

  /** The classifier answers about the turn that it was asked about, or `besides` it. */
  protected classified(given?: ModelAnswer, besides = 0): void {
    const { answers } = this.script;
    const { result = 'failed', answer, confidence } = given ?? answers[this.#answered++ % answers.length] ?? {};
    const turn = (this.#asked ?? 0) + besides;
    const said = result === 'answered' && answer && confidence ? { answer, confidence } : {};
    this.#queue.push({ type: 'classified', turn, result, ...said });
    if (besides === 0) this.#asked = null;
  }

  protected lookedUp(): void {
    if (this.#lookUps === 0) return;
    this.#lookUps--;
    this.#queue.push({ type: 'looked-up', now: NOW, history: HISTORIES[this.script.history] });
  }

  /** Lets time pass; timers ring when they are due. */
  protected until(at: number): void {
    for (;;) {
      const due = [...this.timers].filter(([, timer]) => timer.due <= at).sort((a, b) => a[1].due - b[1].due)[0];
      if (!due || this.over) break;
      this.at = Math.max(this.at, due[1].due);
      this.ring(due[0], due[1].token);
    }
    this.at = Math.max(this.at, at);
  }

  protected ring(timer: string, token: number): void {
    if (this.timers.get(timer)?.token === token) this.timers.delete(timer);
    this.feed({ type: 'woke', timer, token });
  }

  protected drop(): void {
    this.socket = 'lost';
    this.#queue.push({ type: 'socket-closed', how: 'lost', code: 1006 });
  }
}
