import type { reportOf } from '../guard/report.ts';
import type { Mode, Outcome } from '../guard/types.ts';
import type { EventLog } from '../records/event-log.ts';
import type { CallRecord, ModelUse, Versions } from '../records/record.ts';

export interface TurnLatency {
  readonly turn: number;
  readonly addedMs: number;
  readonly firstPieceMs: number | null;
}

/** Milliseconds and money saved by a hang-up: what an unguarded bad call is assumed to last, less what this one did. */
export function savedBy(
  hungUp: boolean,
  callMs: number,
  saved: { readonly badCallMs: number; readonly pricePerMinute: number | null },
): { savedMs: number; savedMoney: number | null } {
  const savedMs = hungUp ? Math.max(0, saved.badCallMs - callMs) : 0;
  const { pricePerMinute } = saved;
  return {
    savedMs,
    savedMoney: pricePerMinute === null ? null : Math.round((savedMs / 60_000) * pricePerMinute * 10_000) / 10_000,
  };
}

/** The record of a call from what the core reports and what the shell measured. */
export function recordOf(parts: {
  readonly report: ReturnType<typeof reportOf>;
  readonly outcome: Outcome;
  readonly mode: Mode;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly latency: readonly TurnLatency[];
  readonly models: readonly ModelUse[];
  readonly versions: Versions;
  readonly saved: { readonly badCallMs: number; readonly pricePerMinute: number | null };
  readonly events: EventLog;
}): CallRecord {
  const { report, startedAt, endedAt } = parts;
  const hungUp = report.decision === 'hang_up';
  return {
    ...report,
    mode: parts.mode,
    outcome: parts.outcome,
    startedAt: Math.round(startedAt),
    endedAt: Math.round(endedAt),
    ...savedBy(hungUp, report.callMs, parts.saved),
    latency: parts.latency.slice(),
    models: parts.models,
    versions: parts.versions,
    ...(report.noText ? {} : { events: parts.events.deflate() }),
  };
}
