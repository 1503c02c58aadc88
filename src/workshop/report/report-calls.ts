import { printable } from '../../records/printable.ts';
import type { Flip, Moved } from '../eval/diff.ts';
import { type EvalCall, WRONG_KINDS } from '../eval/run.ts';
import { isHungUp, resultOf } from './call-facts.ts';
import type { ReportInput } from './report-input.ts';
import { shownCall } from './shown-call.ts';
import { type SpokenAt, spokenAt } from './spoken-at.ts';

/** Calls whose timeline is drawn, and rows of the table: a page must open. */
export const MAX_TIMELINES = 400;
export const MAX_ROWS = 5_000;

/** One call of one run as it is shown. */
export interface ReportSide {
  readonly call: EvalCall;
  readonly spokenAt: SpokenAt;
}

/** A call of the run and, where there is one, the same call of the other run. */
export interface ReportCall {
  readonly key: string;
  /** Id of its place on the page. */
  readonly anchor: string;
  /** Place in the list, from 0. */
  readonly index: number;
  readonly now: ReportSide;
  readonly before: ReportSide | null;
  readonly flip: Flip | null;
  readonly moved: Moved | null;
  readonly hasTimeline: boolean;
}

/** Calls in the order in which they need to be looked at: wrong ones, flips, questions and hang-ups, then the rest. */
export function reportCalls({ run, against }: ReportInput): ReportCall[] {
  const flips = new Map(against?.diff.flips.map((flip) => [flip.key, flip]));
  const moves = new Map(against?.diff.moved.map((moved) => [moved.key, moved]));
  const earlier = new Map(against?.run.calls.map((call) => [call.key, call]));
  const order: readonly string[] = [...WRONG_KINDS, 'known miss'];
  const urgency = (call: EvalCall): number => {
    const wrong = order.indexOf(resultOf(call));
    if (wrong >= 0) return wrong;
    if (flips.has(call.key)) return order.length;
    if (moves.has(call.key)) return order.length + 1;
    const asked = (call.record?.probes.length ?? 0) > 0;
    return order.length + (isHungUp(call) || asked ? 2 : 3);
  };
  const anchors = new Set<string>();
  return run.calls
    .map((call) => ({ call, urgency: urgency(call) }))
    .sort((a, b) => a.urgency - b.urgency || compare(a.call.key, b.call.key))
    .slice(0, MAX_ROWS)
    .map(({ call }, index) => {
      const hasTimeline = index < MAX_TIMELINES;
      const before = earlier.get(call.key);
      return {
        key: call.key,
        anchor: unique(callAnchor(call.key), anchors),
        index,
        now: side(call, hasTimeline),
        before: before === undefined ? null : side(before, hasTimeline),
        flip: flips.get(call.key) ?? null,
        moved: moves.get(call.key) ?? null,
        hasTimeline,
      };
    });
}

/** The id of a call on the page: `#` and this, percent-encoded, is the link to it. */
export function callAnchor(key: string): string {
  return `call-${printable(key, 200).replace(/\s/g, '_')}`;
}

/** Link to an id on this page. */
export function linkTo(anchor: string): string {
  return `#${encodeURIComponent(anchor).replaceAll('%2F', '/')}`;
}

function side(call: EvalCall, hasTimeline: boolean): ReportSide {
  return { call: shownCall(call), spokenAt: hasTimeline ? spokenAt(call.record) : new Map() };
}

function unique(anchor: string, taken: Set<string>): string {
  let free = anchor;
  for (let n = 2; taken.has(free); n++) free = `${anchor}_${n}`;
  taken.add(free);
  return free;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
