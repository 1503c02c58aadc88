import type { Edits, Flip, RunDiff, WeightChange } from './diff.ts';
import { rankOf } from './diff-runs.ts';
import { seconds, signed, threshold, weight } from './figures.ts';
import type { EvalCall } from './run.ts';
import { verdictOf } from './verdict-of.ts';

/** Titles of the parts that flips are shown in, by rank. */
const RANKS = ['People who are now cut off', 'Machines now missed', 'Better', 'Otherwise different'] as const;

export interface FlipGroup {
  readonly title: string;
  readonly flips: readonly Flip[];
}

/** Flips by what they mean, worst first; none is empty. */
export function flipGroups(flips: readonly Flip[]): FlipGroup[] {
  return RANKS.map((title, rank) => ({ title, flips: flips.filter((flip) => rankOf(flip) === rank) })).filter(
    ({ flips }) => flips.length > 0,
  );
}

/** `hang_up robocall_menu at turn 3, 12.4 s, +22.0`; of a call without a decision its points alone. */
export function cameOut({ record, wrong }: EvalCall): string {
  const verdict = verdictOf({ record });
  const at = record?.decidedTurn === undefined ? '' : ` at turn ${record.decidedTurn}`;
  const when = record?.decidedCallMs === undefined ? '' : `, ${seconds(record.decidedCallMs)}`;
  const points = record === null ? '' : `, ${signed(record.points)}`;
  return `${verdict}${at}${when}${points}${wrong === null ? '' : ` (${WRONG[wrong.kind]})`}`;
}

const WRONG: Readonly<Record<NonNullable<EvalCall['wrong']>['kind'], string>> = {
  cut: 'wrong: cut off',
  missed: 'wrong: missed',
  category: 'wrong category',
  unanswered: 'left without a reply',
  failed: 'failed',
  other: 'not as expected',
};

/** `keypad-menu menu 18 → 3` */
export const weightLine = ({ name, from, to }: WeightChange): string => `${name} ${weight(from)} → ${weight(to)}`;

/** `probe 0.0 → −5.2`, in points. */
export function thresholdLine({ name, from, to }: WeightChange): string {
  const shown = (value: number | string | null): string =>
    typeof value === 'number' ? threshold(value) : weight(value);
  return `${name} ${shown(from)} → ${shown(to)}`;
}

/** Edits that are no list of numbers or lines, one sentence each. */
export function otherEdits(
  { configs, code, fixtures, answers }: Edits,
  names: (ids: readonly string[]) => string,
): string[] {
  return [
    ...(configs.length > 0 ? [`configuration: edited in something else (${names(configs)})`] : []),
    ...(code ? ['code: the guard is another version'] : []),
    ...(fixtures.length > 0 ? [`fixtures: edited, or played otherwise (${fixtures.length}): ${names(fixtures)}`] : []),
    ...(answers ? ['answers: recorded from another endpoint, or at another time'] : []),
  ];
}

export const isUnedited = (edits: Edits): boolean =>
  edits.weights.length + edits.thresholds.length + edits.prompts.length === 0 &&
  otherEdits(edits, () => '').length === 0;

/** `12 unchanged, 1 moved`, and what could not be compared. */
export function countsLine(diff: RunDiff): string {
  const counts: readonly (readonly [number, string])[] = [
    [diff.flips.length, 'flipped'],
    [diff.moved.length, 'moved'],
    [diff.unchanged, 'unchanged'],
    [diff.unrecorded.length, 'without recorded answers'],
    [diff.onlyA.length, `only in ${diff.a}`],
    [diff.onlyB.length, `only in ${diff.b}`],
  ];
  return counts
    .filter(([count], index) => count > 0 || index < 3)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
}

/** A change by so many turns, seconds or points; nothing where there is none. */
export const movedBy = (turns: number, ms: number, points: number): readonly [string, string, string] => [
  turns === 0 ? '' : `${turns > 0 ? '+' : '−'}${Math.abs(turns)}`,
  Math.abs(ms) < 50 ? '' : `${ms > 0 ? '+' : '−'}${seconds(Math.abs(ms))}`,
  Math.abs(points) < 0.05 ? '' : signed(points),
];

/** Kinds of the questions that were asked, where they differ. */
export function probesMoved(a: EvalCall, b: EvalCall): string {
  const [was, is] = [a, b].map(({ record }) => (record?.probes ?? []).map(({ kind }) => kind).join(' ') || 'none');
  return was === is ? '' : `${was} → ${is}`;
}

/** The first of a list, and how many more there are; 0: that was all. */
export function bounded<T>(list: readonly T[], most: number): { readonly shown: readonly T[]; readonly more: number } {
  return { shown: list.slice(0, most), more: Math.max(0, list.length - most) };
}
