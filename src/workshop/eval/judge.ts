import type { CallRecord } from '../../records/record.ts';
import { differences } from '../expectation.ts';
import { isCaught, isServed, isUnanswered } from '../play-report.ts';
import type { PlayResult } from '../player/play-result.ts';
import type { Wrong, WrongKind } from './run.ts';

/** How the guard's record says that a turn was left without the answer of a model. */
const NO_ANSWER = /^(?:reply: |no reply in time)/;

/** What is wrong with a call; null: it is as expected, or nothing was expected of it. */
export function judge(result: PlayResult, record: CallRecord | null): Wrong | null {
  const found = differences(result, record ?? undefined);
  if (record === null) found.push('the guard wrote no record');
  for (const fault of record?.faults ?? []) if (NO_ANSWER.test(fault)) found.push(`a model gave no answer: ${fault}`);
  return found.length === 0 ? null : { kind: kindOf(result, record), differences: found, ...placeOf(result, record) };
}

/** Worst first. A call that broke off without a decision shows nothing about the verdict: it failed. */
function kindOf(result: PlayResult, record: CallRecord | null): WrongKind {
  const { expect } = result;
  const decided = record !== null && record.decision !== 'none';
  const ended = isCaught(result) && expect?.outcome !== 'completed';
  if (expect !== undefined && isServed(result) && (decided || ended)) return 'cut';
  if (record === null || (result.endedBy === 'error' && !decided)) return 'failed';
  if (expect?.decision === 'hang_up' && !(decided && isCaught(result))) return 'missed';
  const categories = expect?.category === undefined ? [] : [expect.category].flat();
  if (categories.length > 0 && !categories.some((one) => one === record.category)) return 'category';
  if (isUnanswered(result)) return 'unanswered';
  const failed = result.endedBy === 'error' || result.endedBy === 'timeout';
  return failed || record.faults.some((fault) => NO_ANSWER.test(fault)) ? 'failed' : 'other';
}

/** Where the decision fell, else where the sum was highest. */
function placeOf(result: PlayResult, record: CallRecord | null): Pick<Wrong, 'turn' | 'callMs'> {
  const turn = record?.decidedTurn ?? result.hangUpFrame?.turn;
  const callMs = record?.decidedCallMs ?? result.hangUpFrame?.atMs;
  if (turn !== undefined && callMs !== undefined) return { turn, callMs };
  const [first, ...others] = record?.evidence ?? [];
  if (first === undefined) return { turn: null, callMs: null };
  const highest = others.reduce((most, one) => (one.points > most.points ? one : most), first);
  return { turn: highest.turn, callMs: highest.callMs };
}
