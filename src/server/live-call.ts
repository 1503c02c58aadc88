import { performance } from 'node:perf_hooks';
import { wallClock } from '../clock.ts';
import { createBlindStep, goBlind } from '../guard/blind-step.ts';
import { reportOf } from '../guard/report.ts';
import { type CallState, startCall } from '../guard/state.ts';
import { createStep, type Step } from '../guard/step.ts';
import type { CallEvent, Effect, Outcome, PlatformEvent, Resumed, RunnerEvent } from '../guard/types.ts';
import type { Outgoing, PlatformSession } from '../platforms/platform.ts';
import { EventLog } from '../records/event-log.ts';
import type { RawFrame, Responder, Upstream } from '../responders/responder.ts';
import { CallEffects } from './call-effects.ts';
import { CallJournal } from './call-journal.ts';
import type { CallParts } from './call-parts.ts';
import { CallRelay } from './call-relay.ts';
import { CallTimers } from './call-timers.ts';
import { recordOf } from './record-of.ts';
import { refusedFrames } from './refused-frames.ts';
import type { Wire, WireEnd } from './wire.ts';

/** Frames, and their bytes, that wait while it is looked up whether the call is known. */
const MOST_WAITING = 64;
const MOST_WAITING_BYTES = 4 * 1024 * 1024;
/** A store that does not answer in this time, by the wall, does not hold up a call. */
const RESUME_MS = 250;
/** A platform that reads nothing is dropped abnormally, so that it dials again. */
const MOST_BUFFERED = 4 * 1024 * 1024;
const FAILED = 'the guard failed in this call: it goes on without';

/** Ids of the guard's own behind a relay begin where no server of the user's comes to. */
const RELAY_SOCKETS = 100;

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
  readonly #relay: CallRelay | null;
  readonly #effects: CallEffects;
  #step: Step;
  #state: CallState;
  #session: PlatformSession;
  #wire: Wire | null = null;
  #refuse: ReturnType<typeof refusedFrames>;
  #waiting: RawFrame[] | null = [];
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
    this.#refuse = refusedFrames(callId, parts);
    this.#step = createStep(parts.policy);
    this.#state = startCall(parts.policy, { callId, agent, platform: parts.platform.name });
    this.#session = this.#openSession();
    this.#relay =
      parts.responder.kind === 'relay'
        ? new CallRelay({
            feed: (event) => this.#feed(event),
            state: () => this.#state,
            send: (data, binary) => this.#send(data, binary),
            interrupted: (id) => this.#session.avoidInterruptId(id),
            dropped: () => parts.metrics.keptBack.inc(),
          })
        : null;
    this.#effects = new CallEffects(parts, {
      callId,
      agent,
      timers: this.#timers,
      journal: this.#journal,
      relay: this.#relay,
      feed: (event) => this.#feed(event),
      out: (out) => this.#out(out),
      state: () => this.#state,
      transcript: () => this.#session.transcript(),
      receivedAt: () => this.#receivedAt,
      closeSocket: (code) => this.#wire?.close(code),
      record: (outcome) => this.#record(outcome),
      fault: (what, error) => this.#fault(what, error),
      end: () => this.#end(),
    });
    void this.#resume();
  }

  get responder(): Responder {
    return this.#parts.responder;
  }

  get state(): CallState {
    return this.#state;
  }

  /**
   * Takes a socket of this call; an earlier one is dropped, because the platform has given it up. `upstream` is its
   * partner where a server behind the guard answers.
   */
  attach(wire: Wire, upstream: Upstream | null = null): WireEnd {
    const old = this.#wire;
    this.#wire = wire;
    this.sockets++;
    if (old) old.terminate();
    if (this.sockets > 1) {
      this.#refuse = refusedFrames(this.callId, this.#parts);
      this.#session = this.#openSession();
    }
    if (this.#relay && upstream) this.#relay.attach(wire, upstream);
    else for (const frame of this.#session.hello()) wire.send(frame);
    if (this.sockets > 1) this.#feed({ type: 'socket-back' });
    else this.#timers.set('details', this.#parts.detailsMs, () => this.#details());
    return {
      receive: (data, binary = false) => {
        if (this.#wire === wire) this.#receive({ data, binary });
      },
      closed: (code) => {
        if (this.#wire !== wire) return;
        this.#wire = null;
        this.#relay?.platformClosed(code);
        this.#feed({ type: 'socket-closed', how: code === 1006 ? 'lost' : 'platform', code });
      },
    };
  }

  #openSession(): PlatformSession {
    const { platform, responder } = this.#parts;
    const before = responder.kind === 'relay' ? RELAY_SOCKETS : 0;
    return platform.open({ agent: this.#agent, callId: this.callId }, before + Math.max(0, this.sockets - 1));
  }

  /** Ends this process's part of the call: the socket drops abnormally and the platform dials elsewhere. */
  drop(): void {
    this.#feed({ type: 'call-closed', why: 'drained' });
    const wire = this.#wire;
    this.#wire = null;
    this.#end();
    this.#relay?.drop();
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
    for (const frame of waiting) this.#read(frame, false);
    if (this.#detailsDue) this.#details();
  }

  /** The platform has not said who calls: the greeting waits no longer, but for the word whether it was said before. */
  #details(): void {
    if (this.#waiting) this.#detailsDue = true;
    else if (!this.#state.opened) this.#feed({ type: 'call-opened', facts: null });
  }

  #receive(frame: RawFrame): void {
    const { length } = frame.data;
    // What the guard does not read or no longer cares for goes on as it would without.
    if (this.#over || frame.binary) {
      if (this.#relay) this.#relay.pass(frame);
      else if (!this.#over) this.#refuse('binary', length);
    } else if (this.#waiting) {
      this.#relay?.pass(frame);
      this.#waitingBytes += length;
      if (this.#waiting.length < MOST_WAITING && this.#waitingBytes <= MOST_WAITING_BYTES) this.#waiting.push(frame);
      else this.#refuse('too-many-at-once', length);
    } else {
      this.#read(frame, true);
    }
  }

  /** `fresh`: the server behind the guard, if there is one, has not seen the frame. */
  #read(frame: RawFrame, fresh: boolean): void {
    this.#receivedAt = performance.now();
    this.#parts.metrics.frames.inc();
    const { events, replies, refused } = this.#session.decode(frame.data);
    const relay = this.#relay;
    const last = events.at(-1);
    const turn = relay && last?.type === 'turn-requested' ? last.turn : null;
    if (relay && fresh && turn === null) relay.pass(frame);
    if (relay && turn !== null) {
      if (fresh) relay.hold(turn, frame);
      else relay.passed(turn);
    }
    if (!relay) for (const reply of replies) this.#send(reply);
    if (refused) this.#refuse(refused, frame.data.length);
    else for (const event of events) this.#feed(event);
    if (turn !== null) relay?.answerUnlessTaken(turn);
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
    this.#parts.onStep?.(this.#state, stamped, effects);
    if (event.type === 'call-opened') this.#journal.opened(this.#state.facts, this.#startedAt);
    for (const effect of effects) this.#effects.carryOut(effect);
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

  #record(outcome: Outcome) {
    const { clock, policy, versions, saved } = this.#parts;
    return recordOf({
      report: reportOf(this.#state),
      outcome,
      mode: policy.mode,
      startedAt: this.#startedAt,
      endedAt: clock.now(),
      latency: this.#effects.latency,
      models: this.#effects.models,
      versions,
      saved,
      events: this.#events,
    });
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#queue.length = 0;
    this.#timers.clear();
    this.#effects.close();
    this.#parts.onOver();
  }

  #out(out: Outgoing): void {
    this.#send(this.#session.encode(out));
  }

  #send(frame: string | Buffer, binary = false): void {
    const wire = this.#wire;
    if (!wire) return;
    if (wire.buffered > MOST_BUFFERED) {
      this.#parts.metrics.refused.inc({ what: 'socket', reason: 'not-reading' });
      this.#parts.log.warn({ callId: this.callId }, 'the platform does not read: socket dropped');
      this.#wire = null;
      wire.terminate();
      this.#relay?.drop();
      this.#feed({ type: 'socket-closed', how: 'lost', code: 1006 });
      return;
    }
    wire.send(frame, binary);
  }

  /** Message constant; what was thrown goes to the log only. */
  #fault(what: string, error: unknown): void {
    this.#parts.metrics.faults.inc({ what: 'guard' });
    this.#parts.log.error({ callId: this.callId, err: error }, what);
    this.#feed({ type: 'failed', what });
  }
}
