import { type BlameContext, blame, blameContext } from './blame.ts';
import { chance } from './chance.ts';
import type { Flip, Moved, RunDiff } from './diff.ts';
import { editsOf } from './edits.ts';
import { type CallPair, matchCalls } from './match-calls.ts';
import type { EvalCall, LoadedRun } from './run.ts';
import { verdictOf } from './verdict-of.ts';

/** Points and seconds are shown with one decimal: what differs by less than half of it has not moved. */
const MOVED_POINTS = 0.05;
const MOVED_MS = 50;
/** Points of records are rounded to a hundredth, which is no binary number. */
const ROUNDING = 1e-9;

/** What differs between two runs: what was edited, and what that made of which call. `b` is the newer one. */
export function diffRuns(a: LoadedRun, b: LoadedRun): RunDiff {
  const { both, onlyA, onlyB } = matchCalls(a, b);
  const edits = editsOf(a, b);
  const context = blameContext(a, b, edits);
  const [said, unrecorded] = [both.filter(isRecorded), both.filter((pair) => !isRecorded(pair))];
  const flipped = said.filter(isFlip);
  const moved = said.filter((pair) => !isFlip(pair) && hasMoved(pair));
  const expected = said.filter(({ a, b }) => a.result.expect !== undefined && b.result.expect !== undefined);
  return {
    a: a.run.id,
    b: b.run.id,
    edits,
    flips: flipped.map((pair) => flipOf(pair, context)).sort(byRank),
    moved: moved.map((pair) => movedOf(pair, context)).sort(bySize),
    unchanged: said.length - flipped.length - moved.length,
    onlyA,
    onlyB,
    unrecorded: unrecorded.map(({ key }) => key),
    chance: chance(
      expected.filter((pair) => isBetter(pair) === true).length,
      expected.filter((pair) => isBetter(pair) === false).length,
      {
        compared: expected.length,
        deterministic: isDeterministic(a) && isDeterministic(b),
        repeats: Math.max(a.run.plan.repeats, b.run.plan.repeats),
      },
    ),
  };
}

const isRecorded = ({ a, b }: CallPair): boolean => a.unrecorded === 0 && b.unrecorded === 0;

const isFlip = ({ a, b }: CallPair): boolean =>
  verdictOf(a) !== verdictOf(b) || (a.wrong === null) !== (b.wrong === null);

const isBetter = ({ a, b }: Pick<CallPair, 'a' | 'b'>): boolean | null =>
  (a.wrong === null) === (b.wrong === null) ? null : b.wrong === null;

const flipOf = (pair: CallPair, context: BlameContext): Flip => ({
  ...pair,
  better: isBetter(pair),
  ...blame(pair, context),
});

const probesOf = ({ record }: EvalCall): string => (record?.probes ?? []).map(({ kind }) => kind).join(' ');

function sizesOf({ a, b }: CallPair): Pick<Moved, 'turns' | 'ms' | 'points'> {
  const by = (from: number | undefined, to: number | undefined): number =>
    from === undefined || to === undefined ? 0 : to - from;
  return {
    turns: by(a.record?.decidedTurn, b.record?.decidedTurn),
    ms: by(a.record?.decidedCallMs, b.record?.decidedCallMs),
    points: by(a.record?.points, b.record?.points),
  };
}

function hasMoved(pair: CallPair): boolean {
  const { turns, ms, points } = sizesOf(pair);
  return (
    turns !== 0 ||
    Math.abs(ms) >= MOVED_MS ||
    Math.abs(points) >= MOVED_POINTS - ROUNDING ||
    probesOf(pair.a) !== probesOf(pair.b)
  );
}

const movedOf = (pair: CallPair, context: BlameContext): Moved => ({
  ...pair,
  ...sizesOf(pair),
  cause: blame(pair, context).cause,
});

/** People who are now cut, machines now missed, what is better, the rest. */
export function rankOf({ a, b, better }: Pick<Flip, 'a' | 'b' | 'better'>): 0 | 1 | 2 | 3 {
  if (isCut(b) && !isCut(a)) return 0;
  if (b.wrong?.kind === 'missed' && a.wrong?.kind !== 'missed') return 1;
  return better === true ? 2 : 3;
}

/** Of somebody that nothing is expected of: a person who was hung up on. */
function isCut({ wrong, result, record }: EvalCall): boolean {
  if (wrong?.kind === 'cut') return true;
  return result.expect === undefined && result.kind === 'person' && (record?.decision ?? 'none') !== 'none';
}

const byRank = (one: Flip, other: Flip): number => rankOf(one) - rankOf(other) || byKey(one, other);

const bySize = (one: Moved, other: Moved): number =>
  Math.abs(other.turns) - Math.abs(one.turns) ||
  Math.abs(other.points) - Math.abs(one.points) ||
  Math.abs(other.ms) - Math.abs(one.ms) ||
  byKey(one, other);

const byKey = (one: { readonly key: string }, other: { readonly key: string }): number =>
  one.key < other.key ? -1 : one.key > other.key ? 1 : 0;

/** No model answered, and no other server: scripts say the same each time. */
const isDeterministic = ({ run, calls }: LoadedRun): boolean =>
  run.stamp.answers.length === 0 &&
  run.stamp.variants.every(({ responders }) => responders.every(({ type }) => type === 'scripted')) &&
  calls.every(({ record }) => (record?.models ?? []).length === 0);
