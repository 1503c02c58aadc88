import { performance } from 'node:perf_hooks';
import type { Clock } from '../clock.ts';
import type { Policy } from '../guard/policy.ts';
import { reportOf } from '../guard/report.ts';
import { type CallState, startCall } from '../guard/state.ts';
import { createStep, type Step } from '../guard/step.ts';
import type { CallEvent, Effect, PlatformEvent, Resumed, RunnerEvent } from '../guard/types.ts';
import type { Outgoing, Platform, PlatformSession } from '../platforms/platform.ts';
import { EventLog } from '../records/event-log.ts';
import { maskNumber } from '../records/mask.ts';
import type { Records, Versions } from '../records/record.ts';
import type { AgentBrief, Responder, TurnSession } from '../responders/responder.ts';
import type { CallLog } from './log.ts';
import type { Metrics } from './metrics.ts';
import { recordOf, type TurnLatency } from './record-of.ts';
import { streamReply } from './replying.ts';
import type { StopCall } from './stop-call.ts';
import type { Wire, WireEnd } from './wire.ts';

/** Frames that wait while it is looked up whether the call is known. */
const MOST_WAITING = 64;
/** A store that does not answer in this time does not hold up a call. */
const RESUME_MS = 250;
/** A platform that reads nothing is dropped abnormally, so that it dials again. */
const MOST_BUFFERED = 4 * 1024 * 1024;
const MOST_LATENCIES = 200;

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
 * records. It decides nothing. Should the core throw, the call goes on as if the guard were not there.
 */
export class LiveCall {
  readonly callId: string;
  sockets = 0;
  readonly #parts: CallParts;
  readonly #agent: string;
  readonly #step: Step;
  readonly #startedAt: number;
  readonly #events = new EventLog();
  readonly #timers = new Map<string, () => void>();
  readonly #queue: (PlatformEvent | RunnerEvent)[] = [];
  readonly #latency: TurnLatency[] = [];
  #state: CallState;
  #session: PlatformSession;
  #wire: Wire | null = null;
  #turns: TurnSession | null = null;
  #cancelReply: { readonly turn: number; readonly cancel: () => void } | null = null;
  #waiting: Buffer[] | null = [];
  #busy = false;
  #over = false;
  #broken = false;
  #noted = false;
  #receivedAt = 0;

  constructor(parts: CallParts, agent: string, callId: string) {
    this.callId = callId;
    this.#parts = parts;
    this.#agent = agent;
    this.#startedAt = parts.clock.now();
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
    if (this.sockets > 1) this.#session = this.#parts.platform.open({ agent: this.#agent, callId: this.callId });
    for (const frame of this.#session.hello()) wire.send(frame);
    if (this.sockets > 1) this.#feed({ type: 'socket-back' });
    else this.#after('details', this.#parts.detailsMs, () => this.#details());
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
    const { records, clock } = this.#parts;
    let known: Resumed | null = null;
    let cancel = (): void => {};
    try {
      known = await Promise.race([
        records.resume(this.callId),
        new Promise<null>((resolve) => {
          cancel = clock.after(RESUME_MS, () => resolve(null));
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
  }

  #details(): void {
    if (!this.#state.opened) this.#feed({ type: 'call-opened', facts: null });
  }

  #receive(frame: Buffer): void {
    if (this.#over) return;
    if (this.#waiting) {
      if (this.#waiting.length < MOST_WAITING) this.#waiting.push(frame);
      return;
    }
    this.#receivedAt = performance.now();
    this.#parts.metrics.frames.inc();
    const { events, replies, refused } = this.#session.decode(frame);
    for (const reply of replies) this.#send(reply);
    if (refused) {
      this.#parts.metrics.refused.inc({ what: 'frame', reason: refused });
      this.#parts.log.warn({ callId: this.callId, reason: refused, bytes: frame.length }, 'frame refused');
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
    let effects: readonly Effect[];
    if (this.#broken) {
      effects = this.#withoutGuard(stamped);
    } else {
      try {
        const stepped = this.#step(before, stamped);
        this.#state = stepped.state;
        effects = stepped.effects;
        this.#events.push(stamped);
        this.#observe(before, this.#state, stamped);
      } catch (error) {
        this.#broken = true;
        this.#fault('the guard failed in this call: it goes on without', error);
        effects = this.#withoutGuard(stamped);
      }
    }
    if (event.type === 'call-opened') this.#noteOpened();
    for (const effect of effects) this.#carryOut(effect);
  }

  /** What a server without a guard would do. */
  #withoutGuard(event: CallEvent): readonly Effect[] {
    if (event.type === 'turn-requested') {
      return [
        { type: 'cancel-reply', turn: -1 },
        { type: 'reply', turn: event.turn, kind: event.kind },
      ];
    }
    if (event.type === 'call-opened' && !this.#state.greeted) {
      this.#state = { ...this.#state, greeted: true };
      const text = this.#parts.policy.greeting;
      return [{ type: 'say', purpose: 'greeting', turn: 0, text, done: true, uninterruptible: false }];
    }
    if (event.type === 'replied' && event.result === 'failed') {
      return [{ type: 'say', purpose: 'fallback', turn: event.turn, text: '', done: true, uninterruptible: false }];
    }
    if (event.type === 'socket-closed' && event.how === 'platform') return [{ type: 'finish', outcome: 'caller_left' }];
    if (event.type === 'socket-closed')
      this.#after('gone', this.#parts.policy.reconnectMs, () => this.#carryOut({ type: 'finish', outcome: 'failed' }));
    return [];
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'reply':
        this.#reply(effect);
        break;
      case 'cancel-reply':
        this.#cancel();
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
        this.#after(effect.timer, effect.afterMs, () =>
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

  #reply(effect: Extract<Effect, { type: 'reply' }>): void {
    const { clock, metrics, policy } = this.#parts;
    const turn = effect.turn;
    const received = this.#receivedAt;
    const requestedAt = clock.now();
    this.#cancel();
    let latency: TurnLatency = { turn, addedMs: 0, firstPieceMs: null };
    const at = this.#latency.length;
    const session = (this.#turns ??= this.#openResponder());
    const addedMs = performance.now() - received;
    metrics.addedMs.observe(addedMs);
    latency = { ...latency, addedMs: Number(addedMs.toFixed(3)) };
    if (at < MOST_LATENCIES) this.#latency.push(latency);
    const cancel = streamReply(
      session,
      {
        turn,
        kind: effect.kind,
        transcript: this.#session.transcript(),
        language: this.#state.language || policy.language,
        ...(effect.note ? { note: effect.note } : {}),
      },
      clock,
      {
        say: (text, done) => this.#out({ type: 'speech', turn, text, done }),
        started: () => {
          const firstPieceMs = Math.round(clock.now() - requestedAt);
          metrics.firstPieceMs.observe(firstPieceMs);
          if (at < MOST_LATENCIES) this.#latency[at] = { ...latency, firstPieceMs };
          this.#feed({ type: 'reply-started', turn });
        },
        ended: (result, error) => {
          if (this.#cancelReply?.turn === turn) this.#cancelReply = null;
          if (error) metrics.faults.inc({ what: 'reply' });
          this.#feed({ type: 'replied', turn, result, ...(error ? { error } : {}) });
        },
      },
    );
    this.#cancelReply = { turn, cancel };
  }

  #openResponder(): TurnSession {
    const session = this.#parts.responder.open({
      facts: this.#state.facts,
      agent: this.#parts.brief,
      relay: { onFrame: () => {}, onClosed: () => {} },
    });
    if (session.kind !== 'turns') throw new TypeError(`responder ${this.#parts.responder.name} does not answer turns`);
    return session;
  }

  #cancel(): void {
    const running = this.#cancelReply;
    this.#cancelReply = null;
    running?.cancel();
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
    if (effect.purpose === 'greeting')
      this.#append({ type: 'greeted', at: this.#parts.clock.now(), callId: this.callId });
  }

  #decide(effect: Extract<Effect, { type: 'decide' }>): void {
    const { records, clock } = this.#parts;
    let ok = true;
    try {
      const partial = this.#record('failed');
      records.append({ type: 'decided', at: clock.now(), callId: this.callId, latch: effect.latch, partial }, true);
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
    this.#append({ type: 'sent', at: this.#parts.clock.now(), callId: this.callId, attempt });
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
      latency: this.#latency,
      versions,
      saved,
      events: this.#events,
    });
  }

  #finish(outcome: Parameters<typeof recordOf>[0]['outcome']): void {
    if (this.#over) return;
    const { metrics, log } = this.#parts;
    const record = this.#record(outcome);
    this.#append({ type: 'closed', at: record.endedAt, callId: this.callId, record });
    metrics.calls.inc({ outcome, decision: record.decision, category: record.category ?? 'none' });
    metrics.savedSeconds.inc(record.savedMs / 1_000);
    for (const probe of record.probes) metrics.probes.inc({ kind: probe.kind, result: probe.result });
    log.info(
      {
        callId: this.callId,
        agent: this.#agent,
        outcome,
        decision: record.decision,
        category: record.category,
        points: record.points,
        probability: record.probability,
        seconds: Math.round(record.callMs / 100) / 10,
        turns: record.turns,
        signals: Object.fromEntries(record.evidence.at(-1)?.evidence.map((one) => [one.signal, one.points]) ?? []),
        decided: record.decided,
        sent: record.sent,
        confirmed: record.confirmed,
        faults: record.faults.length,
      },
      'call ended',
    );
    this.#end();
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancel();
    this.#queue.length = 0;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#turns?.close();
    this.#parts.onOver();
  }

  #after(name: string, ms: number, fn: () => void): void {
    this.#timers.get(name)?.();
    this.#timers.set(
      name,
      this.#parts.clock.after(ms, () => {
        this.#timers.delete(name);
        if (!this.#over) fn();
      }),
    );
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
      wire.terminate();
      return;
    }
    wire.send(frame);
  }

  #append(line: Parameters<Records['append']>[0]): void {
    try {
      this.#parts.records.append(line, false);
    } catch (error) {
      this.#fault('the spool could not be written', error);
    }
  }

  #noteOpened(): void {
    if (this.#noted) return;
    this.#noted = true;
    const { facts } = this.#state;
    this.#append({
      type: 'opened',
      at: this.#startedAt,
      callId: this.callId,
      agent: facts.agent,
      platform: facts.platform,
      direction: facts.direction,
      ...(facts.callerNumber ? { callerNumber: facts.callerNumber } : {}),
      ...(facts.lineNumber ? { lineNumber: facts.lineNumber } : {}),
    });
    this.#parts.log.info(
      {
        callId: this.callId,
        agent: facts.agent,
        direction: facts.direction,
        ...(facts.callerNumber ? { caller: maskNumber(facts.callerNumber) } : {}),
      },
      'call opened',
    );
  }

  #observe(before: CallState, after: CallState, event: CallEvent): void {
    const { metrics, log } = this.#parts;
    for (const change of after.rungs.slice(before.rungs.length)) {
      metrics.rungs.inc({ rung: change.to });
      log.info({ callId: this.callId, ...change, points: Math.round(change.points * 10) / 10 }, 'rung changed');
    }
    if (event.type === 'turn-requested') {
      const points = Math.round(after.verdict.points * 10) / 10;
      log.debug({ callId: this.callId, turn: event.turn, kind: event.kind, rung: after.rung, points }, 'turn');
    }
  }

  /** Message constant; what was thrown goes to the log only. */
  #fault(what: string, error: unknown): void {
    this.#parts.metrics.faults.inc({ what: 'guard' });
    this.#parts.log.error({ callId: this.callId, err: error }, what);
    if (!this.#broken) this.#queue.push({ type: 'failed', what });
  }
}
