import { performance } from 'node:perf_hooks';
import type { Clock } from '../clock.ts';
import type { CallFacts } from '../guard/types.ts';
import type { AgentBrief, Responder, TurnRequest, TurnSession } from '../responders/responder.ts';
import type { Metrics } from './metrics.ts';
import type { TurnLatency } from './record-of.ts';
import { type ReplyEvents, streamReply } from './replying.ts';

const MOST_LATENCIES = 200;

interface ReplyParts {
  readonly clock: Clock;
  readonly responder: Responder;
  readonly brief: AgentBrief;
  readonly metrics: Metrics;
}

/** The responder's side of one call: at most one answer at a time, and how long each took. */
export class CallReplies {
  readonly #parts: ReplyParts;
  readonly #latency: TurnLatency[] = [];
  #session: TurnSession | null = null;
  #cancel: (() => void) | null = null;

  constructor(parts: ReplyParts) {
    this.#parts = parts;
  }

  get latency(): readonly TurnLatency[] {
    return this.#latency;
  }

  /**
   * Asks for an answer; one that is under way is cancelled. Throws when there is nobody who answers turns.
   * `receivedAt` (performance.now) is when the platform's request was read.
   */
  start(request: TurnRequest, facts: CallFacts, receivedAt: number, events: ReplyEvents): void {
    const { clock, metrics } = this.#parts;
    this.cancel();
    this.#session ??= this.#open(facts);
    const requestedAt = clock.now();
    const addedMs = performance.now() - receivedAt;
    metrics.addedMs.observe(addedMs);
    const latency = { turn: request.turn, addedMs: Number(addedMs.toFixed(3)), firstPieceMs: null };
    const at = this.#latency.length;
    if (at < MOST_LATENCIES) this.#latency.push(latency);
    // The events may start the next answer, which then is the one to cancel.
    let cancel: (() => void) | null = null;
    const mine = (): void => cancel?.();
    this.#cancel = mine;
    cancel = streamReply(this.#session, request, clock, {
      say: events.say,
      started: () => {
        const firstPieceMs = Math.round(clock.now() - requestedAt);
        metrics.firstPieceMs.observe(firstPieceMs);
        if (at < MOST_LATENCIES) this.#latency[at] = { ...latency, firstPieceMs };
        events.started();
      },
      ended: (result, error) => {
        if (this.#cancel === mine) this.#cancel = null;
        if (error) metrics.faults.inc({ what: 'reply' });
        events.ended(result, error);
      },
    });
  }

  cancel(): void {
    const cancel = this.#cancel;
    this.#cancel = null;
    cancel?.();
  }

  close(): void {
    this.cancel();
    this.#session?.close();
  }

  #open(facts: CallFacts): TurnSession {
    const { responder, brief } = this.#parts;
    const session = responder.open({ facts, agent: brief, relay: { onFrame: () => {}, onClosed: () => {} } });
    if (session.kind !== 'turns') throw new TypeError(`responder ${responder.name} does not answer turns`);
    return session;
  }
}
