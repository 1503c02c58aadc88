import { performance } from 'node:perf_hooks';
import { type Clock, wallClock } from '../clock.ts';
import { createBlindStep, goBlind } from '../guard/blind-step.ts';
import type { Policy } from '../guard/policy.ts';
import { reportOf } from '../guard/report.ts';
import { type CallState, startCall } from '../guard/state.ts';
import { createStep, type Step } from '../guard/step.ts';
import type { CallEvent, Effect, PlatformEvent, Resumed, RunnerEvent } from '../guard/types.ts';
import type { Outgoing, Platform, PlatformSession } from '../platforms/platform.ts';
import { EventLog } from '../records/event-log.ts';
import type { Records, Versions } from '../records/record.ts';
import type { AgentBrief, Responder } from '../responders/responder.ts';
import { CallJournal } from './call-journal.ts';
import { CallReplies } from './call-replies.ts';
import { CallTimers } from './call-timers.ts';
import type { CallLog } from './log.ts';
import type { Metrics } from './metrics.ts';
import { recordOf } from './record-of.ts';
import { refusedFrames } from './refused-frames.ts';
import type { StopCall } from './stop-call.ts';
import type { Wire, WireEnd } from './wire.ts';

/** Frames, and their bytes, that wait while it is looked up whether the call is known. */
const MOST_WAITING = 64;
const MOST_WAITING_BYTES = 4 * 1024 * 1024;
/** A store that does not answer in this time, by the wall, does not hold up a call. */
const RESUME_MS = 250;
/** A platform that reads nothing is dropped abnormally, so that it dials again. */
const MOST_BUFFERED = 4 * 1024 * 1024;
const FAILED = 'the guard failed in this call: it goes on without';

export interface CallParts {
  readonly clock: Clock;
  readonly policy: Policy;
  readonly platform: Platform;
  readonly responder: Responder;
  readonly brief: AgentBrief;
  readonly records: Records;
  readonly versions: Versions;
  readonly metrics: Metrics;
  readonly log: CallLog;
  readonly detailsMs: number;
  readonly saved: { readonly badCallMs: number; readonly pricePerMinute: number | null };
  readonly stopCall: StopCall | null;
  /** The call is over and can be forgotten. */
  readonly onOver: () => void;
}

/**
 * One call over all its sockets: carries events to `step` and effects to the platform, the responder and the
 * records. It decides nothing. Should the core throw, the call goes on as if the guard were not there, and the record says so.
 */
export class LiveCall {
  readonly callId: string;
  sockets = 0;
  readonly #parts: CallParts;
  readonly #agent: string;
  readonly #startedAt: number;
  readonly #events = new EventLog();
  readonly #timers: CallTimers;
  readonly #journal: CallJournal;
  readonly #queue: (PlatformEvent | RunnerEvent)[] = [];
  readonly #replies: CallReplies;
  #step: Step;
  #state: CallState;
  #session: PlatformSession;
  #wire: Wire | null = null;
  #refuse: ReturnType<typeof refusedFrames>;
  #waiting: Buffer[] | null = [];
  #waitingBytes = 0;
  #busy = false;
  #over = false;
  #blind = false;
  #detailsDue = false;
  #receivedAt = 0;

  constructor(parts: CallParts, agent: string, callId: string) {
    this.callId = callId;
    this.#parts = parts;
    this.#agent = agent;
    this.#startedAt = parts.clock.now();
    this.#timers = new CallTimers(parts.clock);
    this.#journal = new CallJournal(callId, {
      ...parts,
      now: () => parts.clock.now(),
      failed: (what, error) => this.#fault(what, error),
    });
    this.#replies = new CallReplies(parts);
    this.#refuse = refusedFrames(callId, parts);
    this.#step = createStep(parts.policy);
    this.#state = startCall(parts.policy, { callId, agent, platform: parts.platform.name });
    this.#session = parts.platform.open({ agent, callId });
    void this.#resume();
  }

  get state(): CallState {
    return this.#state;
  }

  /** Takes a socket of this call; an earlier one is dropped, because the platform has given it up. */
  attach(wire: Wire): WireEnd {
    const old = this.#wire;
    this.#wire = wire;
    this.sockets++;
    if (old) old.terminate();
    if (this.sockets > 1) {
      this.#refuse = refusedFrames(this.callId, this.#parts);
      this.#session = this.#parts.platform.open({ agent: this.#agent, callId: this.callId }, this.sockets - 1);
    }
    for (const frame of this.#session.hello()) wire.send(frame);
    if (this.sockets > 1) this.#feed({ type: 'socket-back' });
    else this.#timers.set('details', this.#parts.detailsMs, () => this.#details());
    return {
      receive: (frame) => {
        if (this.#wire === wire) this.#receive(frame);
      },
      closed: (code) => {
        if (this.#wire !== wire) return;
        this.#wire = null;
        this.#feed({ type: 'socket-closed', how: code === 1006 ? 'lost' : 'platform', code });
      },
    };
  }

  /** Ends this process's part of the call: the socket drops abnormally and the platform dials elsewhere. */
  drop(): void {
    this.#feed({ type: 'call-closed', why: 'drained' });
    const wire = this.#wire;
    this.#wire = null;
    this.#end();
    wire?.terminate();
  }

  async #resume(): Promise<void> {
    const { records } = this.#parts;
    let known: Resumed | null = null;
    let cancel = (): void => {};
    try {
      const answer = records.resume(this.callId);
      known = await Promise.race([
        answer,
        new Promise<null>((resolve) => {
          cancel = wallClock.after(RESUME_MS, () => {
            resolve(null);
            // The call goes on meanwhile, but a hang-up that was decided holds however late that is known.
            answer.then(
              (late) => late && this.#feed({ type: 'resumed', resumed: late }),
              (error: unknown) => this.#fault('the store could not say whether the call is known', error),
            );
          });
        }),
      ]);
    } catch (error) {
      this.#fault('the store could not say whether the call is known', error);
    }
    cancel();
    if (this.#over) return;
    if (known) this.#feed({ type: 'resumed', resumed: known });
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const frame of waiting) this.#receive(frame);
    if (this.#detailsDue) this.#details();
  }

  /** The platform has not said who calls: the greeting waits no longer, but for the word whether it was said before. */
  #details(): void {
    if (this.#waiting) this.#detailsDue = true;
    else if (!this.#state.opened) this.#feed({ type: 'call-opened', facts: null });
  }

  #receive(frame: Buffer): void {
    if (this.#over) return;
    if (this.#waiting) {
      this.#waitingBytes += frame.length;
      if (this.#waiting.length < MOST_WAITING && this.#waitingBytes <= MOST_WAITING_BYTES) this.#waiting.push(frame);
      else this.#refuse('too-many-at-once', frame.length);
      return;
    }
    this.#receivedAt = performance.now();
    this.#parts.metrics.frames.inc();
    const { events, replies, refused } = this.#session.decode(frame);
    for (const reply of replies) this.#send(reply);
    if (refused) {
      this.#refuse(refused, frame.length);
      return;
    }
    for (const event of events) this.#feed(event);
  }

  /** Steps in order: an event that arises while effects are carried out waits for them. */
  #feed(event: PlatformEvent | RunnerEvent): void {
    if (this.#over) return;
    this.#queue.push(event);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#queue.shift(); next && !this.#over; next = this.#queue.shift()) this.#advance(next);
    } finally {
      this.#busy = false;
    }
  }

  #advance(event: PlatformEvent | RunnerEvent): void {
    const stamped = { ...event, at: Math.max(0, Math.round(this.#parts.clock.now() - this.#startedAt)) } as CallEvent;
    const before = this.#state;
    const effects = this.#decideOn(stamped);
    this.#events.push(stamped);
    this.#journal.stepped(before, this.#state, stamped);
    if (event.type === 'call-opened') this.#journal.opened(this.#state.facts, this.#startedAt);
    for (const effect of effects) {
      try {
        this.#carryOut(effect);
      } catch (error) {
        this.#notCarriedOut(effect, error);
      }
    }
  }

  #decideOn(event: CallEvent): readonly Effect[] {
    const { policy, metrics, log } = this.#parts;
    try {
      const { state, effects } = this.#step(this.#state, event);
      this.#state = state;
      return effects;
    } catch (error) {
      metrics.faults.inc({ what: 'guard' });
      log.error({ callId: this.callId, err: error }, FAILED);
      // Should it fail even so, the event is left.
      if (this.#blind) return [];
      this.#blind = true;
      this.#step = createBlindStep(policy);
      const gone = goBlind(this.#state, policy, FAILED);
      this.#state = gone.state;
      return [...gone.effects, ...this.#decideOn(event)];
    }
  }

  /** Whatever failed, the caller gets an answer and the call an end. */
  #notCarriedOut(effect: Effect, error: unknown): void {
    this.#fault(`not carried out: ${effect.type}`, error);
    if (effect.type === 'reply') this.#feed({ type: 'replied', turn: effect.turn, result: 'failed' });
    if (effect.type === 'finish') this.#end();
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'reply':
        this.#reply(effect);
        break;
      case 'cancel-reply':
        this.#replies.cancel();
        break;
      case 'say':
        this.#say(effect);
        break;
      case 'decide':
        this.#decide(effect);
        break;
      case 'hang-up':
        this.#hangUp(effect);
        break;
      case 'look-up':
        this.#lookUp(effect.number);
        break;
      case 'wake':
        this.#timers.set(effect.timer, effect.afterMs, () =>
          this.#feed({ type: 'woke', timer: effect.timer, token: effect.token }),
        );
        break;
      case 'set-reminders':
        this.#out({ type: 'reminders', triggerMs: effect.triggerMs, maxCount: effect.maxCount });
        break;
      case 'finish':
        this.#finish(effect.outcome);
        break;
    }
  }

  #reply({ turn, kind }: Extract<Effect, { type: 'reply' }>): void {
    this.#replies.start(
      {
        turn,
        kind,
        transcript: this.#session.transcript(),
        language: this.#state.language || this.#parts.policy.language,
      },
      this.#state.facts,
      this.#receivedAt,
      {
        say: (text, done) => this.#out({ type: 'speech', turn, text, done }),
        started: () => this.#feed({ type: 'reply-started', turn }),
        ended: (result, error) => this.#feed({ type: 'replied', turn, result, ...(error ? { error } : {}) }),
      },
    );
  }

  #say(effect: Extract<Effect, { type: 'say' }>): void {
    this.#out({
      type: 'speech',
      turn: effect.turn,
      text: effect.text,
      done: effect.done,
      uninterruptible: effect.uninterruptible,
      ...(effect.transferTo ? { transferTo: effect.transferTo } : {}),
    });
    if (effect.purpose === 'greeting') this.#journal.greeted();
  }

  #decide(effect: Extract<Effect, { type: 'decide' }>): void {
    let ok = true;
    try {
      this.#journal.decided(effect.latch, this.#record('failed'));
    } catch (error) {
      ok = false;
      this.#fault('the decision could not be written', error);
    }
    this.#feed({ type: 'recorded', ok });
  }

  #hangUp(effect: Extract<Effect, { type: 'hang-up' }>): void {
    const { attempt, turn, text } = effect;
    if (attempt === 4) {
      void this.#stop();
    } else if (attempt === 3) {
      // A hang-up on this platform, and only ever sent for one.
      this.#wire?.close(1000);
    } else {
      this.#out({ type: 'speech', turn, text, done: true, uninterruptible: true, endCall: true });
    }
    this.#journal.sent(attempt);
    this.#feed({ type: 'sent', attempt });
  }

  async #stop(): Promise<void> {
    let ok = false;
    try {
      ok = (await this.#parts.stopCall?.(this.callId)) ?? false;
    } catch (error) {
      this.#fault('the call could not be stopped over the REST API', error);
    }
    this.#feed({ type: 'stopped', ok });
  }

  #lookUp(number: string): void {
    const { records, clock } = this.#parts;
    records.history(number).then(
      (history) => this.#feed({ type: 'looked-up', now: clock.now(), history }),
      (error: unknown) => {
        this.#fault('the history of the number could not be read', error);
        this.#feed({ type: 'looked-up', now: clock.now(), history: null });
      },
    );
  }

  #record(outcome: Parameters<typeof recordOf>[0]['outcome']) {
    const { clock, policy, versions, saved } = this.#parts;
    return recordOf({
      report: reportOf(this.#state),
      outcome,
      mode: policy.mode,
      startedAt: this.#startedAt,
      endedAt: clock.now(),
      latency: this.#replies.latency,
      versions,
      saved,
      events: this.#events,
    });
  }

  #finish(outcome: Parameters<typeof recordOf>[0]['outcome']): void {
    if (this.#over) return;
    this.#journal.closed(this.#record(outcome));
    this.#end();
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#queue.length = 0;
    this.#timers.clear();
    this.#replies.close();
    this.#parts.onOver();
  }

  #out(out: Outgoing): void {
    this.#send(this.#session.encode(out));
  }

  #send(frame: string): void {
    const wire = this.#wire;
    if (!wire) return;
    if (wire.buffered > MOST_BUFFERED) {
      this.#parts.metrics.refused.inc({ what: 'socket', reason: 'not-reading' });
      this.#parts.log.warn({ callId: this.callId }, 'the platform does not read: socket dropped');
      this.#wire = null;
      wire.terminate();
      this.#feed({ type: 'socket-closed', how: 'lost', code: 1006 });
      return;
    }
    wire.send(frame);
  }

  /** Message constant; what was thrown goes to the log only. */
  #fault(what: string, error: unknown): void {
    this.#parts.metrics.faults.inc({ what: 'guard' });
    this.#parts.log.error({ callId: this.callId, err: error }, what);
    this.#feed({ type: 'failed', what });
  }
}
