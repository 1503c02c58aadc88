import type { CallState } from '../guard/state.ts';
import type { CallEvent, CallFacts, Latch } from '../guard/types.ts';
import { maskNumber } from '../records/mask.ts';
import type { CallRecord, Records } from '../records/record.ts';
import type { CallLog } from './log.ts';
import type { Metrics } from './metrics.ts';

interface JournalParts {
  readonly records: Records;
  readonly metrics: Metrics;
  readonly log: CallLog;
  readonly now: () => number;
  /** A line could not be written; the call goes on. */
  readonly failed: (what: string, error: unknown) => void;
}

/** What is written down of one call as it goes: lines of the spool, the log and the counters, in the same words. */
export class CallJournal {
  readonly #callId: string;
  readonly #parts: JournalParts;
  #opened = false;

  constructor(callId: string, parts: JournalParts) {
    this.#callId = callId;
    this.#parts = parts;
  }

  /** Once a call, however often the platform tells who calls. */
  opened(facts: CallFacts, at: number): void {
    if (this.#opened) return;
    this.#opened = true;
    const { agent, platform, direction, callerNumber, lineNumber } = facts;
    this.#append({
      type: 'opened',
      at,
      callId: this.#callId,
      agent,
      platform,
      direction,
      ...(callerNumber ? { callerNumber } : {}),
      ...(lineNumber ? { lineNumber } : {}),
    });
    const caller = callerNumber ? { caller: maskNumber(callerNumber) } : {};
    this.#parts.log.info({ callId: this.#callId, agent, direction, ...caller }, 'call opened');
  }

  greeted(): void {
    this.#append({ type: 'greeted', at: this.#parts.now(), callId: this.#callId });
  }

  /** Waits for the disk. Throws when the decision could not be written: then there is no hang-up. */
  decided(latch: Latch, partial: CallRecord): void {
    const { records, now } = this.#parts;
    records.append({ type: 'decided', at: now(), callId: this.#callId, latch, partial }, true);
  }

  sent(attempt: number): void {
    this.#append({ type: 'sent', at: this.#parts.now(), callId: this.#callId, attempt });
  }

  /** What an event changed, for log and counters. */
  stepped(before: CallState, after: CallState, event: CallEvent): void {
    const { metrics, log } = this.#parts;
    for (const change of after.rungs.slice(before.rungs.length)) {
      metrics.rungs.inc({ rung: change.to });
      log.info({ callId: this.#callId, ...change, points: tenths(change.points) }, 'rung changed');
    }
    if (event.type === 'classified') metrics.classifications.inc({ result: event.result });
    if (event.type === 'turn-requested') {
      const { turn, kind } = event;
      log.debug({ callId: this.#callId, turn, kind, rung: after.rung, points: tenths(after.verdict.points) }, 'turn');
    }
  }

  closed(record: CallRecord): void {
    const { metrics, log } = this.#parts;
    this.#append({ type: 'closed', at: record.endedAt, callId: this.#callId, record });
    const { outcome, decision, category, points, probability, turns, decided, sent, confirmed } = record;
    metrics.calls.inc({ outcome, decision, category: category ?? 'none' });
    metrics.savedSeconds.inc(record.savedMs / 1_000);
    for (const { kind, result } of record.probes) metrics.probes.inc({ kind, result });
    log.info(
      {
        callId: this.#callId,
        agent: record.agent,
        outcome,
        decision,
        category,
        points,
        probability,
        seconds: tenths(record.callMs / 1_000),
        turns,
        signals: Object.fromEntries(record.evidence.at(-1)?.evidence.map((one) => [one.signal, one.points]) ?? []),
        decided,
        sent,
        confirmed,
        faults: record.faults.length,
      },
      'call ended',
    );
  }

  #append(line: Parameters<Records['append']>[0]): void {
    try {
      this.#parts.records.append(line, false);
    } catch (error) {
      this.#parts.failed('the spool could not be written', error);
    }
  }
}

const tenths = (value: number): number => Math.round(value * 10) / 10;
