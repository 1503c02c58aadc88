import { isCaught, isServed, isUnanswered, median, upperBound } from '../play-report.ts';
import { withoutRepeat } from './cases.ts';
import { confusionOf } from './confusion.ts';
import { costOfUses, latencyOf, measuredNote, modelUses } from './model-figures.ts';
import { type EvalCall, type LoadedRun, WRONG_KINDS, type WrongKind } from './run.ts';
import type { FlakyCase, RunSummary } from './summary.ts';
import { verdictOf } from './verdict-of.ts';

/** What a run amounts to. Pure; the order of calls does not matter. */
export function summarise({ run, calls: all }: LoadedRun): RunSummary {
  const calls = all.filter(({ unrecorded }) => unrecorded === 0);
  const { answers, prices } = run.stamp;
  const models = modelUses(calls);
  const flaky = flakyOf(calls);
  return {
    calls: calls.length,
    asExpected: calls.filter(({ wrong }) => wrong === null).length,
    knownMisses: calls.filter(isKnownMiss).length,
    noLongerMissed: noLongerMissed(calls),
    wrong: wrongOf(calls),
    people: peopleOf(calls),
    machines: machinesOf(calls),
    confusion: confusionOf(calls, prices),
    models,
    cost: costOfUses(models),
    latency: latencyOf(calls),
    maxDeadAirMs: calls.reduce((most, { result }) => Math.max(most, result.maxDeadAirMs), 0),
    flipRate: run.plan.repeats > 1 ? flipRateOf(calls, flaky) : null,
    flaky,
    unrecorded: all.length - calls.length,
    vendorMeasured: answers.length > 0 && answers.every(({ vendor }) => vendor),
    measuredNote: measuredNote(run.stamp),
  };
}

/** Not as expected, known to be so, and nobody was cut. */
export function isKnownMiss({ wrong, knownMiss }: EvalCall): boolean {
  return wrong !== null && knownMiss !== null && wrong.kind !== 'cut';
}

function wrongOf(calls: readonly EvalCall[]): Record<WrongKind, number> {
  const count = (kind: WrongKind): number =>
    calls.filter((call) => call.wrong?.kind === kind && !isKnownMiss(call)).length;
  return Object.fromEntries(WRONG_KINDS.map((kind) => [kind, count(kind)])) as Record<WrongKind, number>;
}

function noLongerMissed(calls: readonly EvalCall[]): string[] {
  const known = calls.filter(({ knownMiss }) => knownMiss !== null);
  // Of repeats all have to come out as expected.
  const missed = new Set(known.filter(({ wrong }) => wrong !== null).map(({ key }) => withoutRepeat(key)));
  return [...new Set(known.map(({ key }) => withoutRepeat(key)))].filter((key) => !missed.has(key)).sort();
}

function peopleOf(calls: readonly EvalCall[]): RunSummary['people'] {
  const people = calls.filter(({ result }) => result.expect !== undefined && isServed(result));
  const cut = people.filter(({ wrong }) => wrong?.kind === 'cut').length;
  return {
    calls: people.length,
    cut,
    cutAtMost: upperBound(cut, people.length),
    probed: people.filter(({ result, record }) => (record?.probes ?? result.probes).length > 0).length,
    unanswered: people.filter(({ result }) => isUnanswered(result)).length,
  };
}

function machinesOf(calls: readonly EvalCall[]): RunSummary['machines'] {
  const machines = calls.filter(({ result }) => result.expect?.decision === 'hang_up');
  const caught = machines.filter(({ result }) => isCaught(result));
  const medianOf = (value: (call: EvalCall) => number): number | null =>
    median(machines.map((call) => (isCaught(call.result) ? value(call) : Number.POSITIVE_INFINITY)));
  return {
    calls: machines.length,
    caught: caught.length,
    live: caught.filter(({ result }) => result.live).length,
    rightCategory: caught.filter(hasRightCategory).length,
    medianWords: medianOf(({ result }) => result.callerWords),
    medianTurns: medianOf(
      ({ record, result }) => record?.decidedTurn ?? result.hangUpFrame?.turn ?? record?.turns ?? 0,
    ),
    medianS: medianOf(({ result }) => result.callMs / 1_000),
  };
}

/** Where no category was expected any is right. */
function hasRightCategory({ result, record }: EvalCall): boolean {
  const wanted = result.expect?.category;
  return wanted === undefined || [wanted].flat().some((one) => one === record?.category);
}

function byCase(calls: readonly EvalCall[]): Map<string, EvalCall[]> {
  const cases = new Map<string, EvalCall[]>();
  for (const call of calls) {
    const key = withoutRepeat(call.key);
    const repeats = cases.get(key);
    if (repeats === undefined) cases.set(key, [call]);
    else repeats.push(call);
  }
  return cases;
}

function flakyOf(calls: readonly EvalCall[]): FlakyCase[] {
  const flaky = [...byCase(calls)].flatMap(([key, repeats]): FlakyCase[] => {
    const counts = new Map<string, number>();
    for (const call of repeats) {
      // What is not as expected has flipped too, whatever the decision.
      const verdict = `${verdictOf(call)}${call.wrong === null ? '' : ` (${call.wrong.kind})`}`;
      counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    }
    if (counts.size < 2) return [];
    const verdicts = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    const most = verdicts[0]?.[1] ?? 0;
    return [
      {
        key,
        flipRate: 1 - most / repeats.length,
        verdicts: verdicts.map(([verdict, times]) => `${verdict}: ${times}`),
      },
    ];
  });
  return flaky.sort((a, b) => b.flipRate - a.flipRate || (a.key < b.key ? -1 : 1));
}

/** Only a case that came out twice can differ. */
function flipRateOf(calls: readonly EvalCall[], flaky: readonly FlakyCase[]): number | null {
  const repeated = [...byCase(calls).values()].filter(({ length }) => length > 1).length;
  return repeated === 0 ? null : flaky.length / repeated;
}
