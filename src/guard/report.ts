import type { CallState, RungChange } from './state.ts';
import { callerTurn, callerWords } from './state.ts';
import { trailText } from './trail.ts';
import { policyOfTrail } from './trail-start.ts';
import type { Category, Decision } from './types.ts';

/** The decision as it stands, apart from how the call ended. */
export const decisionOf = (state: CallState): Decision =>
  state.latch ? 'hang_up' : state.wouldHangUp ? 'would_hang_up' : 'none';

/** What the core knows of a call, in the words of the record. The shell adds times, versions and what it measured. */
export function reportOf(state: CallState) {
  const { facts, verdict } = state;
  const latch = state.latch ?? state.wouldHangUp;
  return {
    callId: facts.callId,
    agent: facts.agent,
    platform: facts.platform,
    direction: facts.direction,
    ...(facts.callerNumber ? { callerNumber: facts.callerNumber } : {}),
    ...(facts.lineNumber ? { lineNumber: facts.lineNumber } : {}),
    callMs: Math.round(state.callMs),
    decision: decisionOf(state),
    category: latch ? latch.category : categoryOf(state),
    points: round(latch ? latch.points : verdict.points),
    probability: round(latch ? latch.probability : verdict.probability, 5),
    ...(latch ? { decidedTurn: latch.turn, decidedCallMs: Math.round(latch.callMs), reason: latch.reason } : {}),
    decided: state.latch !== null,
    sent: state.sent,
    confirmed: state.confirmed,
    ...(state.rule?.name === 'protect' ? { protectedBy: state.rule.reason } : {}),
    ...(state.rule ? { rule: { name: state.rule.name, reason: state.rule.reason } } : {}),
    turns: callerTurn(state),
    callerWords: callerWords(state),
    evidence: state.turns.map((turn) => ({ ...turn, callMs: Math.round(turn.callMs), points: round(turn.points) })),
    rungs: rungsOf(state).map((rung) => ({ ...rung, callMs: Math.round(rung.callMs), points: round(rung.points) })),
    probes: state.probes.map((probe) => ({ ...probe, callMs: Math.round(probe.callMs) })),
    faults: state.faults,
    reconnects: state.reconnects,
    noText: facts.noText,
    policy: policyOfTrail(state.trail),
    trail: trailText(state),
  };
}

/** While a decision goes to disk, the record that goes with it tells of the rung that it will lead to. */
function rungsOf({ phase, latch, rung, rungs }: CallState): readonly RungChange[] {
  if (phase !== 'deciding' || !latch) return rungs;
  const { turn, callMs, points, reason } = latch;
  return [...rungs, { from: rung, to: 'hang_up', turn, callMs, points, why: reason }];
}

/** Machines that are no bad calls: named whatever the points. */
const NAMED_ANYWAY: readonly Category[] = ['call_screening', 'hold_music', 'ivr_menu', 'voicemail'];

/** An undecided call has a category only while there is doubt: below that it would be a slur on a customer. */
function categoryOf({ rung, verdict }: CallState): Category | null {
  const { category } = verdict;
  if (category === null || rung !== 'continue') return category;
  const named =
    NAMED_ANYWAY.includes(category) &&
    verdict.evidence.some((one) => one.category === category && one.level !== 'hint');
  return named ? category : null;
}

const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
