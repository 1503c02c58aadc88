import { performance } from 'node:perf_hooks';
import type { Clock } from '../clock.ts';
import type { CallFacts } from '../guard/types.ts';
import type { AgentBrief, ToolRound, TurnRequest, TurnResponder, TurnSession } from '../responders/responder.ts';
import type { Tool } from '../tools/tool.ts';
import type { Metrics } from './metrics.ts';
import type { TurnLatency } from './record-of.ts';
import { ReplyUsage, type ReplyUse } from './reply-usage.ts';
import { type ReplyEvents, streamReply } from './replying.ts';

const MOST_LATENCIES = 200;
/** Rounds of tools that later requests show, and the characters in them; the newest always stands. */
const MOST_ROUNDS = 8;
const MOST_ROUND_CHARS = 60_000;

interface ReplyParts {
  readonly clock: Clock;
  readonly responder: TurnResponder;
  readonly brief: AgentBrief;
  /** Those of `brief`, by name. */
  readonly tools: ReadonlyMap<string, Tool>;
  readonly metrics: Metrics;
}

/** What the runner hears of a reply; usage is kept here. */
export type CallReplyEvents = Omit<ReplyEvents, 'used'>;

/** The responder's side of one call: at most one answer at a time, the tools used in it, and how long each took. */
export class CallReplies {
  readonly #parts: ReplyParts;
  readonly #latency: TurnLatency[] = [];
  readonly #usage = new ReplyUsage();
  #rounds: readonly ToolRound[] = [];
  #session: TurnSession | null = null;
  #cancel: (() => void) | null = null;

  constructor(parts: ReplyParts) {
    this.#parts = parts;
  }

  get latency(): readonly TurnLatency[] {
    return this.#latency;
  }

  /** Tokens and cost by model, in the order of first use. */
  get usage(): readonly ReplyUse[] {
    return this.#usage.byModel;
  }

  /**
   * Asks for an answer; one that is under way is cancelled. `receivedAt` (performance.now) is when the platform's
   * request was read.
   */
  start(request: Omit<TurnRequest, 'rounds'>, facts: CallFacts, receivedAt: number, events: CallReplyEvents): void {
    const { clock, metrics, responder, brief, tools } = this.#parts;
    this.cancel();
    this.#session ??= responder.open({ facts, agent: brief });
    const requestedAt = clock.now();
    const addedMs = performance.now() - receivedAt;
    metrics.addedMs.observe(addedMs);
    const latency = { turn: request.turn, addedMs: Number(addedMs.toFixed(3)), firstPieceMs: null };
    const at = this.#latency.length;
    if (at < MOST_LATENCIES) this.#latency.push(latency);
    const begun = (): void => {
      const firstPieceMs = Math.round(clock.now() - requestedAt);
      metrics.firstPieceMs.observe(firstPieceMs);
      if (at < MOST_LATENCIES) this.#latency[at] = { ...latency, firstPieceMs };
    };
    const { callId, agent, callerNumber } = facts;
    const context = { callId, agent, ...(callerNumber === undefined ? {} : { callerNumber }) };
    // The events may start the next answer, which then is the one to cancel.
    let cancel: (() => void) | null = null;
    const mine = (): void => cancel?.();
    this.#cancel = mine;
    cancel = streamReply(this.#session, { ...request, rounds: this.#rounds }, { tools, context }, clock, {
      ...events,
      started: () => {
        begun();
        events.started();
      },
      wait: (again) => {
        if (!again) begun();
        events.wait(again);
      },
      used: (usage) => this.#usage.add(usage),
      ended: (result, end) => {
        if (this.#cancel === mine) this.#cancel = null;
        this.#rounds = newest([...this.#rounds, ...end.rounds]);
        if (end.error) metrics.faults.inc({ what: 'reply' });
        events.ended(result, end);
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
}

/** The last rounds within both limits, oldest first. */
function newest(rounds: readonly ToolRound[]): readonly ToolRound[] {
  let room = MOST_ROUND_CHARS;
  let from = rounds.length;
  while (from > 0 && rounds.length - from < MOST_ROUNDS) {
    const round = rounds[from - 1];
    if (!round) break;
    room -= sizeOf(round);
    if (room < 0 && from < rounds.length) break;
    from--;
  }
  return rounds.slice(from);
}

function sizeOf({ text, calls, results }: ToolRound): number {
  const chars = [...calls.map((call) => call.arguments), ...results.map(({ content }) => content)];
  return chars.reduce((sum, { length }) => sum + length, text.length);
}
