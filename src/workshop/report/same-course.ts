import { isDeepStrictEqual } from 'node:util';
import type { EvalCall } from '../eval/run.ts';

/** Two plays of a call with the same verdict, evidence, questions and words, to the millisecond. */
export function sameCourse(a: EvalCall, b: EvalCall): boolean {
  return isDeepStrictEqual(course(a), course(b));
}

function course({ record, result }: EvalCall): unknown {
  const { endedBy, how, callMs, transcript } = result;
  if (record === null) return { endedBy, how, callMs, transcript };
  const { decision, outcome, category, points, decidedTurn, decidedCallMs, evidence, rungs, probes } = record;
  return {
    endedBy,
    how,
    callMs,
    transcript,
    decision,
    outcome,
    category,
    points,
    decidedTurn,
    decidedCallMs,
    evidence,
    rungs,
    probes,
  };
}
