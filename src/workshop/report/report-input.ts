import type { RunDiff } from '../eval/diff.ts';
import type { LoadedRun } from '../eval/run.ts';
import type { RunSummary } from '../eval/summary.ts';

/** What a report is made of. With `against`, `diff` leads from that run (its `a`) to this one (its `b`). */
export interface ReportInput {
  readonly run: LoadedRun;
  readonly summary: RunSummary;
  readonly against?: { readonly run: LoadedRun; readonly summary: RunSummary; readonly diff: RunDiff };
}
