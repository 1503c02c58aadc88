import { seconds } from '../../records/log.ts';
import { printable } from '../../records/printable.ts';
import type { EvalCall } from '../eval/run.ts';
import { isKnownMiss } from '../eval/summarise.ts';
import { plain } from './words.ts';

/** The guard ended the call, or in shadow mode would have. */
export function isHungUp({ result, record }: EvalCall): boolean {
  return record === null ? result.endedBy === 'agent' : record.decision !== 'none';
}

/** Caller turn, call time and words at which it was hung up on; null: it was not. */
export function hangUpAt(call: EvalCall): { turn: number | null; ms: number } | null {
  if (!isHungUp(call)) return null;
  const { record, result } = call;
  return {
    turn: record?.decidedTurn ?? result.hangUpFrame?.turn ?? null,
    ms: record?.decidedCallMs ?? result.hangUpFrame?.atMs ?? result.callMs,
  };
}

/** `hung up on: robocall menu`, `served after a question`. */
export function verdictOf(call: EvalCall): string {
  const { record, result } = call;
  if (isHungUp(call)) {
    const would = record?.decision === 'would_hang_up' ? 'would be hung up on' : 'hung up on';
    return record?.category ? `${would}: ${plain(record.category)}` : would;
  }
  if (result.endedBy === 'error' || result.endedBy === 'timeout') return `failed: ${printable(result.how, 60)}`;
  const probed = (record?.probes.length ?? result.probes.length) > 0;
  return probed ? 'served after a question' : 'served';
}

/** What was expected, in words. */
export function expectedOf({ result: { kind, expect } }: EvalCall): string {
  if (expect === undefined) return kind === 'person' ? 'to be served' : 'anything';
  if (expect.decision === 'none') return 'to be served';
  const categories = expect.category === undefined ? [] : [expect.category].flat();
  return categories.length === 0 ? 'hang up' : `hang up: ${categories.map(plain).join(' or ')}`;
}

/** `as expected`, `cut`, `known miss`, `not recorded`: what chips filter by. */
export function resultOf(call: EvalCall): string {
  const {
    wrong,
    unrecorded,
    result: { expect },
  } = call;
  if (unrecorded > 0) return 'not recorded';
  if (wrong === null) return expect === undefined ? 'nothing expected' : 'as expected';
  if (isKnownMiss(call)) return 'known miss';
  return wrong.kind;
}

/** `turn 3, 12.4 s`; the dash where nothing is known. */
export function momentOf(turn: number | null | undefined, callMs: number | null | undefined): string {
  const parts = [typeof turn === 'number' ? `turn ${turn}` : '', typeof callMs === 'number' ? seconds(callMs) : ''];
  return parts.filter((part) => part !== '').join(', ') || '–';
}

/** What is called wrong, for people. */
export const WRONG_TITLES = {
  cut: 'People cut off',
  missed: 'Machines missed',
  category: 'Hung up on as something else',
  unanswered: 'People left without a reply',
  failed: 'Calls that failed',
  other: 'Otherwise not as expected',
} as const;
