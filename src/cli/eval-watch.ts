import { dirname, resolve } from 'node:path';
import { packagePromptsDir } from '../prompts.ts';
import { weightsFile } from '../weights-file.ts';
import { defaultFixtures } from '../workshop/eval/choose.ts';
import { diffRuns } from '../workshop/eval/diff-runs.ts';
import { diffText } from '../workshop/eval/diff-text.ts';
import { watchFiles } from '../workshop/eval/file-watch.ts';
import type { LoadedRun } from '../workshop/eval/run.ts';
import { createRun, pruneRuns } from '../workshop/eval/run-store.ts';
import { touchedCases } from '../workshop/eval/touched.ts';
import { explainError } from './errors.ts';
import { type EvalDeps, exitWith, explaining, note, print, widthOf } from './eval-deps.ts';
import { type EvalFlags, planOf } from './eval-flags.ts';
import { exitCodeOf, finish, gatesOf, newRun, playCases, runAndReport } from './eval-run.ts';
import { type EvalSetup, setUp } from './eval-setup.ts';

/**
 * Plays everything once, then after each edit what it touches; calls that it cannot have changed are taken over. Each
 * of these is a run of its own, kept and compared with the one before. Ends with Ctrl-C.
 */
export async function watchAndReport(deps: EvalDeps, paths: readonly string[], flags: EvalFlags): Promise<void> {
  let before = await runAndReport(deps, paths, flags);
  if (before === null) return;
  const files = watchFiles(await watched(deps, paths, flags));
  let over = false;
  const end = (): void => {
    over = true;
    files.close();
  };
  process.once('SIGINT', end);
  // Watching alone must keep the process alive.
  const alive = setInterval(() => deps.stopped?.() === true && end(), 200);
  note(deps, '\nwatching; Ctrl-C ends');
  try {
    for (;;) {
      await files.changed();
      if (over) break;
      try {
        await explaining(async () => {
          before = (await playAgain(deps, paths, flags, before as LoadedRun)) ?? before;
        });
      } catch (error) {
        // Half an edit is no reason to stop.
        note(deps, explainError(error).text.trimEnd());
      }
    }
  } finally {
    clearInterval(alive);
    process.removeListener('SIGINT', end);
    files.close();
  }
  exitWith(deps, exitCodeOf(before));
}

async function playAgain(
  deps: EvalDeps,
  paths: readonly string[],
  flags: EvalFlags,
  before: LoadedRun,
): Promise<LoadedRun | null> {
  const plan = planOf(paths, flags, defaultFixtures(deps.fixturesDirectory));
  const gates = gatesOf(flags);
  const setup: EvalSetup = await setUp(plan, flags);
  if (setup.planHash === before.run.planHash) return null;
  const run = newRun(setup);
  const touched = touchedCases(setup.cases, before, run);
  const startedAt = Date.now();
  const again = new Set(touched.map(({ key }) => key));
  const wanted = new Map(setup.cases.map((one) => [one.key, one]));
  const kept = before.calls.filter(({ key }) => wanted.has(key) && !again.has(key));
  const writer = createRun(flags.dir, run);
  try {
    for (const call of kept) {
      const { scenario } = wanted.get(call.key) ?? {};
      // Notes on a fixture are as they are now.
      writer.append({ ...call, tags: scenario?.tags ?? [], knownMiss: scenario?.knownMiss ?? null }, []);
    }
    const played = new Set(kept.map(({ key }) => key));
    if ((await playCases(deps, setup, flags, { writer, played })) === null) return null;
  } finally {
    writer.close();
  }
  const { loaded } = await finish(writer, run, gates, flags);
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
  print(deps, `\n${touched.length} of ${setup.cases.length} calls played again in ${seconds} s: run ${run.id}`);
  print(deps, diffText(diffRuns(before, loaded), { width: widthOf(deps) }));
  const failed = loaded.run.gates.filter(({ passed }) => !passed);
  for (const { name, wanted: limit, seen } of failed) print(deps, `FAILED ${name}: ${limit}, seen ${seen}`);
  if (failed.length === 0 && loaded.run.gates.length > 0) print(deps, 'all gates passed');
  pruneRuns(flags.dir, flags.keep);
  return loaded;
}

/** Everything that is read for a run: fixtures, data, configuration with what it names, prompts, weights, gates. */
async function watched(deps: EvalDeps, paths: readonly string[], flags: EvalFlags): Promise<string[]> {
  const plan = planOf(paths, flags, defaultFixtures(deps.fixturesDirectory));
  const { config } = await setUp(plan, flags);
  const file = plan.config ?? undefined;
  return [
    ...plan.fixtures,
    ...(plan.data === null ? [] : [plan.data]),
    ...(file === undefined ? [] : [file]),
    ...Object.values(config.agents).flatMap(({ prompt_file }) =>
      prompt_file === undefined || file === undefined ? [] : [resolve(dirname(file), prompt_file)],
    ),
    ...(config.prompts_dir === undefined ? [] : [config.prompts_dir]),
    ...plan.prompts,
    packagePromptsDir,
    config.weights_file ?? weightsFile,
    ...(flags.gates === undefined ? [] : [flags.gates]),
  ].map((path) => resolve(path));
}
