import { reportOf } from '../guard/report.ts';
import type { CallState } from '../guard/state.ts';
import type { TryStep } from '../workshop/try/step.ts';
import type { TriedCall } from '../workshop/try/try-call.ts';

/** A step for scripts. */
export function stepJson({ said, evidence, ...step }: TryStep, number: number): Record<string, unknown> {
  const texts = (who: 'agent' | 'caller') =>
    said.filter((one) => one.who === who && !one.digit).map(({ text }) => text);
  const digits = said.filter(({ digit }) => digit).map(({ text }) => text);
  const caller = texts('caller');
  return {
    type: 'step',
    step: number,
    callMs: Math.round(step.callMs),
    turn: step.turn,
    caller: caller.length === 0 ? null : caller.join(' '),
    ...(digits.length > 0 && { digits }),
    agent: texts('agent'),
    points: rounded(step.points),
    moved: rounded(step.moved),
    probability: rounded(step.probability, 5),
    rung: step.rung,
    category: step.category,
    rule: step.rule,
    asked: step.asked,
    answered: step.answered,
    evidence,
    changes: step.changes,
    said,
  };
}

/** How a call ended, for scripts. */
export function endJson({ result, record }: TriedCall): Record<string, unknown> {
  return {
    type: 'end',
    callId: result.callId,
    endedBy: result.endedBy,
    how: result.how,
    callMs: result.callMs,
    callerWords: result.callerWords,
    outcome: record?.outcome ?? null,
    decision: record?.decision ?? null,
    category: record?.category ?? null,
    points: record?.points ?? null,
    probability: record?.probability ?? null,
    reason: record?.reason ?? null,
    decidedTurn: record?.decidedTurn ?? null,
    decidedCallMs: record?.decidedCallMs ?? null,
    probes: record?.probes ?? [],
    protectedBy: record?.protectedBy ?? null,
    faults: record?.faults ?? [],
  };
}

export function timelineJson(state: CallState): Record<string, unknown> {
  const { evidence, rungs, probes } = reportOf(state);
  return { type: 'timeline', evidence, rungs, probes };
}

const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));
