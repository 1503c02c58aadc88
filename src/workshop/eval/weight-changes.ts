import type { Weights } from '../../guard/weights.ts';
import type { WeightChange } from './diff.ts';

type Group = Weights['groups'][string];
type Signal = Weights['signals'][string];

/** What differs between two weights files in what counts: points of levels, groups of signals, caps of groups. */
export function weightChanges(a: Weights, b: Weights): WeightChange[] {
  return [...changesOf(a.signals, b.signals, signalChanges), ...changesOf(a.groups, b.groups, groupChanges)];
}

function changesOf<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  compare: (name: string, from: T | undefined, to: T | undefined) => WeightChange[],
): WeightChange[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.flatMap((name) => compare(name, own(a, name), own(b, name)));
}

/** Names of signals come from a file: one may be called `constructor`. */
const own = <T>(of: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(of, name) ? of[name] : undefined;

function signalChanges(name: string, from: Signal | undefined, to: Signal | undefined): WeightChange[] {
  if (from === undefined || to === undefined) {
    return [{ name, from: from === undefined ? null : levelsOf(from), to: to === undefined ? null : levelsOf(to) }];
  }
  return [
    ...changed(`${name} group`, from.group, to.group),
    ...changesOf(from.points, to.points, (level, was, is) => changed(`${name} ${level}`, was ?? null, is ?? null)),
  ];
}

function groupChanges(name: string, from: Group | undefined, to: Group | undefined): WeightChange[] {
  if (from === undefined || to === undefined) {
    const range = (group: Group | undefined): string | null => (group ? `${group.min} to ${group.max}` : null);
    return [{ name: `group ${name}`, from: range(from), to: range(to) }];
  }
  return [...changed(`group ${name} min`, from.min, to.min), ...changed(`group ${name} max`, from.max, to.max)];
}

function changed(name: string, from: number | string | null, to: number | string | null): WeightChange[] {
  return from === to ? [] : [{ name, from, to }];
}

const levelsOf = ({ points }: Signal): string =>
  Object.entries(points)
    .map(([level, worth]) => `${level} ${worth}`)
    .join(', ');
