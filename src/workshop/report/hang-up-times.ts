import type { EvalCall } from '../eval/run.ts';
import { isCaught } from '../play-report.ts';
import { roundStep } from './scale.ts';

/** When callers who were to be hung up on were hung up on. */
export interface HangUpTimes {
  /** Seconds, of those who were. */
  readonly seconds: readonly number[];
  readonly never: number;
}

/** Calls without recorded answers of their model say nothing. */
export function hangUpTimes(calls: readonly EvalCall[]): HangUpTimes {
  const due = calls.filter(({ result, unrecorded }) => result.expect?.decision === 'hang_up' && unrecorded === 0);
  const seconds = due.filter(({ result }) => isCaught(result)).map(({ result }) => result.callMs / 1_000);
  return { seconds, never: due.length - seconds.length };
}

export interface Bin {
  readonly fromS: number;
  /** Null: and longer. */
  readonly toS: number | null;
  /** Calls of each run. */
  readonly calls: readonly number[];
}

const BINS = 12;
/** Beyond so many medians it is only told that it took longer. */
const FAR = 3;

/** Bins of one round width for all runs; the last is open where a few calls took far longer than the others. */
export function binned(runs: readonly HangUpTimes[]): Bin[] {
  const all = runs.flatMap(({ seconds }) => seconds).sort((a, b) => a - b);
  if (all.length === 0) return [];
  const most = all.at(-1) ?? 0;
  const usual = (all[Math.floor(all.length / 2)] ?? most) * FAR;
  const isOpen = most > usual;
  const drawn = isOpen ? usual : most;
  const width = Math.max(1, roundStep(drawn / BINS));
  const bins = Math.floor(drawn / width) + 1;
  const counts = runs.map(({ seconds }) => {
    const inBin = new Array<number>(bins + (isOpen ? 1 : 0)).fill(0);
    for (const one of seconds) {
      const index = Math.min(Math.floor(one / width), inBin.length - 1);
      inBin[index] = (inBin[index] ?? 0) + 1;
    }
    return inBin;
  });
  return Array.from({ length: bins + (isOpen ? 1 : 0) }, (_, i) => ({
    fromS: i * width,
    toS: isOpen && i === bins ? null : (i + 1) * width,
    calls: counts.map((inBin) => inBin[i] ?? 0),
  }));
}
