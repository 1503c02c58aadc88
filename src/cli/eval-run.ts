import { join, relative } from 'node:path';
import { printableJson } from '../records/printable.ts';
import type { MissingAnswers } from '../workshop/answers/answers-book.ts';
import { defaultFixtures } from '../workshop/eval/choose.ts';
import { diffRuns } from '../workshop/eval/diff-runs.ts';
import { evalModels, joinMissing } from '../workshop/eval/eval-models.ts';
import { defaultGatesFile, evaluateGates, type Gates, loadGates } from '../workshop/eval/gates.ts';
import { sameCalls } from '../workshop/eval/plan-hash.ts';
import type { EvalRun, LoadedRun } from '../workshop/eval/run.ts';
import { runEval } from '../workshop/eval/run-eval.ts';
import {
  continueRun,
  createRun,
  interruptedRun,
  listRuns,
  loadRun,
  newRunId,
  pruneRuns,
  type RunWriter,
} from '../workshop/eval/run-store.ts';
import { summarise } from '../workshop/eval/summarise.ts';
import type { RunSummary } from '../workshop/eval/summary.ts';
import { summaryText } from '../workshop/eval/summary-text.ts';
import type { ReportInput } from '../workshop/report/report-input.ts';
import { EXIT } from './errors.ts';
import { type EvalDeps, exitWith, INTERRUPTED, note, print, widthOf } from './eval-deps.ts';
import { commandOf, type EvalFlags, planOf } from './eval-flags.ts';
import { writeReport } from './eval-report.ts';
import { type EvalSetup, setUp } from './eval-setup.ts';
import { startProgress } from './progress.ts';

/** Plays what the flags ask for, keeps it, prints what came of it. Null: it was stopped before the end. */
export async function runAndReport(
  deps: EvalDeps,
  paths: readonly string[],
  flags: EvalFlags,
): Promise<LoadedRun | null> {
  const plan = planOf(paths, flags, defaultFixtures(deps.fixturesDirectory));
  const gates = gatesOf(flags);
  const setup = await setUp(plan, flags);
  const more = moreOf(flags);
  const { writer, run, played } = await openRun(deps, setup, flags);
  const finished = await playCases(deps, setup, flags, { writer, played }).finally(() => writer.close());
  if (finished === null) {
    const left = await loadRun(flags.dir, writer.directory);
    note(deps, `stopped: ${left.calls.length} of ${run.cases} calls are there; to go on:`);
    note(deps, `  ${commandOf(plan, [...more, ...(setup.mode === 'record' ? ['--record'] : [])])}`);
    exitWith(deps, INTERRUPTED);
    return null;
  }
  const { loaded, summary } = await finish(writer, run, gates, flags);
  const reportFile = flags.report ?? join(loaded.directory, 'report.html');
  const compared = await againstOf(loaded, flags.dir);
  writeReport('html', reportFile, { run: loaded, summary, ...compared });
  if (flags.json === true) {
    print(deps, printableJson({ ...shownRun(loaded), summary, report: reportFile }, 2));
  } else {
    const recordCommand = commandOf(plan, [...more, '--record']);
    print(deps, summaryText(loaded, summary, { width: widthOf(deps), recordCommand, missing: finished }));
    print(deps, '');
    print(deps, `run ${run.id}, kept in ${shownPath(loaded.directory)}`);
    print(deps, `report: ${shownPath(reportFile)}`);
    if (compared.against !== undefined) print(deps, againstLine(compared.against));
  }
  pruneRuns(flags.dir, flags.keep);
  exitWith(deps, exitCodeOf(loaded));
  return loaded;
}

export const exitCodeOf = ({ run }: LoadedRun): number =>
  run.gates.every(({ passed }) => passed) ? EXIT.ok : EXIT.finding;

export function gatesOf(flags: EvalFlags): Gates {
  const file = flags.gates ?? defaultGatesFile();
  return file === undefined ? {} : loadGates(file);
}

/** A run of this setup that has not begun. */
export function newRun({ plan, planHash, stamp, cases }: EvalSetup): EvalRun {
  const now = Date.now();
  return {
    format: 1,
    id: newRunId(now),
    startedAt: now,
    finishedAt: null,
    plan,
    planHash,
    stamp,
    cases: cases.length,
    gates: [],
  };
}

interface OpenRun {
  readonly writer: RunWriter;
  readonly run: EvalRun;
  /** Keys of calls that are there already. */
  readonly played: ReadonlySet<string>;
}

async function openRun(deps: EvalDeps, setup: EvalSetup, flags: EvalFlags): Promise<OpenRun> {
  const { planHash, cases } = setup;
  const begun = flags.fresh === true ? undefined : interruptedRun(flags.dir, planHash);
  if (begun !== undefined) {
    const loaded = await loadRun(flags.dir, begun.directory);
    const hashes = new Map(cases.map(({ key, hash }) => [key, hash]));
    const there = loaded.calls.filter(({ key, hash, unrecorded }) => unrecorded === 0 && hashes.get(key) === hash);
    note(deps, `going on with run ${loaded.run.id}: ${there.length} of ${cases.length} calls are there`);
    return { writer: continueRun(loaded), run: loaded.run, played: new Set(there.map(({ key }) => key)) };
  }
  const run = newRun(setup);
  return { writer: createRun(flags.dir, run), run, played: new Set() };
}

/** Plays what is not there yet. Null: it was stopped before the end; else the answers that were missing. */
export async function playCases(
  deps: EvalDeps,
  setup: EvalSetup,
  flags: EvalFlags,
  { writer, played }: Pick<OpenRun, 'writer' | 'played'>,
): Promise<readonly MissingAnswers[] | null> {
  const left = setup.cases.filter(({ key }) => !played.has(key));
  const progress = startProgress('playing', left.length, flags.json === true);
  const models = evalModels(join(flags.dir, 'answers'), setup.mode);
  const missing: MissingAnswers[] = [];
  let interrupted = false;
  let ended = 0;
  const onInterrupt = (): void => {
    interrupted = true;
    note(deps, '\nstopping after the calls under way (Ctrl-C again: at once)');
  };
  process.once('SIGINT', onInterrupt);
  try {
    await runEval(left, {
      ...setup,
      asrNoise: setup.plan.asrNoise,
      concurrency: flags.concurrency,
      modelsFor: models.modelsFor,
      stopped: () => interrupted || deps.stopped?.() === true,
      onCall: (call, answers) => {
        writer.append(call, answers.used);
        missing.push(...answers.missing);
        ended++;
        progress.step();
      },
    });
  } finally {
    progress.stop();
    models.close();
    process.removeListener('SIGINT', onInterrupt);
  }
  return ended < left.length ? null : joinMissing(missing);
}

export async function finish(
  writer: RunWriter,
  run: EvalRun,
  gates: Gates,
  flags: EvalFlags,
): Promise<{ readonly loaded: LoadedRun; readonly summary: RunSummary }> {
  const { calls, directory } = await loadRun(flags.dir, writer.directory);
  const ended: EvalRun = { ...run, finishedAt: Date.now(), stamp: { ...run.stamp, answers: writer.answers() } };
  const summary = summarise({ run: ended, calls, directory });
  const judged: EvalRun = { ...ended, gates: evaluateGates(summary, gates) };
  writer.save(judged);
  return { loaded: { run: judged, calls, directory }, summary };
}

/** The last run of the same calls in which any was answered, and what differs from it; nothing where there was none. */
async function againstOf(loaded: LoadedRun, dir: string): Promise<Pick<ReportInput, 'against'>> {
  const { run } = loaded;
  const earlier = listRuns(dir).filter(
    (other) =>
      other.run.startedAt < run.startedAt && other.run.finishedAt !== null && sameCalls(other.run.plan, run.plan),
  );
  for (const { directory } of earlier.toReversed()) {
    const before = await loadRun(dir, directory);
    if (before.calls.every(({ unrecorded }) => unrecorded > 0)) continue;
    return { against: { run: before, summary: summarise(before), diff: diffRuns(before, loaded) } };
  }
  return {};
}

function againstLine({ diff }: NonNullable<ReportInput['against']>): string {
  const { a, b, flips } = diff;
  const many = flips.length === 1 ? '1 flip' : `${flips.length} flips`;
  return `against run ${a}: ${many}; hangup-guard eval diff ${a} ${b}`;
}

/** A run as data: without the texts of prompts and calls. */
export function shownRun({ run, calls, directory }: LoadedRun): Record<string, unknown> {
  const { stamp, ...rest } = run;
  const { texts: _texts, weights, ...kept } = stamp;
  const wrong = calls.filter((call) => call.wrong !== null && call.unrecorded === 0);
  return {
    ...rest,
    directory,
    stamp: { ...kept, weights: { hash: weights.hash, file: weights.file } },
    wrong: wrong.map(({ key, knownMiss, wrong: what }) => ({ key, knownMiss, ...what })),
  };
}

/** Flags that are no part of a plan. */
function moreOf(flags: EvalFlags): string[] {
  return [
    ...(flags.preset === undefined ? [] : ['--preset', flags.preset]),
    ...(flags.gates === undefined ? [] : ['--gates', flags.gates]),
    ...(flags.dir === './evals' ? [] : ['--dir', flags.dir]),
    ...(flags.cache ? [] : ['--no-cache']),
  ];
}

/** Below the working directory a path is shown from there. */
function shownPath(path: string): string {
  const from = relative(process.cwd(), path);
  return from.startsWith('..') || from === '' ? path : from;
}
