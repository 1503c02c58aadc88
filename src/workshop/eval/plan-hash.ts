import { contentHash } from '../../version.ts';
import type { EvalCase } from './cases.ts';
import type { EvalPlan, RunStamp } from './run.ts';

/**
 * Hash of all that decides what the calls of a run come out as: where it is the same, an interrupted run goes on.
 * `asked`: answers of models are not those of the recordings.
 */
export function planHashOf(plan: EvalPlan, stamp: RunStamp, cases: readonly EvalCase[], asked: boolean): string {
  const calls = cases.map(({ key, seed, scenario }) => [key, seed, scenario]);
  return contentHash(JSON.stringify([plan, { ...stamp, answers: [] }, asked, calls]));
}

/** Two plans that choose the same calls and vary them in the same way, whatever then decides in them. */
export function sameCalls(a: EvalPlan, b: EvalPlan): boolean {
  const choice = ({ config: _config, weights: _weights, ...rest }: EvalPlan): string => JSON.stringify(rest);
  return choice(a) === choice(b);
}
