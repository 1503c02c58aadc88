import Table from 'cli-table3';
import { printable, printableJson } from '../records/printable.ts';
import { diffRuns } from '../workshop/eval/diff-runs.ts';
import { diffText } from '../workshop/eval/diff-text.ts';
import type { EvalRun } from '../workshop/eval/run.ts';
import { listRuns, loadRun } from '../workshop/eval/run-store.ts';
import { summarise } from '../workshop/eval/summarise.ts';
import { summaryText } from '../workshop/eval/summary-text.ts';
import type { ReportInput } from '../workshop/report/index.ts';
import { CliError, EXIT } from './errors.ts';
import { type EvalDeps, exitWith, print, widthOf } from './eval-deps.ts';
import { commandOf } from './eval-flags.ts';
import { writeReport } from './eval-report.ts';
import { shownRun } from './eval-run.ts';

export interface KeptFlags {
  readonly dir: string;
  readonly json?: boolean;
}

/** `eval list`. */
export function listKept(deps: EvalDeps, flags: KeptFlags): void {
  const runs = listRuns(flags.dir);
  if (flags.json === true) {
    const rows = runs.map(({ run: { stamp: _stamp, ...run }, directory }) => ({ ...run, directory }));
    print(deps, printableJson(rows, 2));
    return;
  }
  if (runs.length === 0) {
    print(deps, `No runs in ${flags.dir}.`);
    return;
  }
  const table = new Table({
    head: ['run', 'calls', 'gates', 'played by'],
    colAligns: ['left', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const { run } of runs) {
    table.push([run.id, String(run.cases), gatesOf(run), printable(commandOf(run.plan, []), 60)]);
  }
  print(deps, table.toString());
}

function gatesOf({ finishedAt, gates }: EvalRun): string {
  if (finishedAt === null) return 'not complete';
  const failed = gates.filter(({ passed }) => !passed).length;
  return gates.length === 0 ? 'none' : failed === 0 ? 'passed' : `${failed} failed`;
}

/** `eval show RUN`: as it was printed when it ended. */
export async function showKept(deps: EvalDeps, name: string, flags: KeptFlags): Promise<void> {
  const loaded = await loadRun(flags.dir, name);
  const summary = summarise(loaded);
  if (flags.json === true) {
    print(deps, printableJson({ ...shownRun(loaded), summary }, 2));
    return;
  }
  const recordCommand = commandOf(loaded.run.plan, ['--record']);
  print(deps, `run ${loaded.run.id}, ${new Date(loaded.run.startedAt).toISOString()}\n`);
  print(deps, summaryText(loaded, summary, { width: widthOf(deps), recordCommand }));
}

export interface ReportFlags extends Omit<KeptFlags, 'json'> {
  readonly against?: string;
  readonly html?: string;
  readonly md?: string;
  readonly json?: string;
}

/** `eval report RUN`: writes the files that are named. */
export async function reportKept(deps: EvalDeps, name: string, flags: ReportFlags): Promise<void> {
  const parts = await partsOf(name, flags.against, flags.dir);
  const { html, md, json } = flags;
  if ([html, md, json].every((file) => file === undefined)) {
    throw new CliError('no file to write was named', 'add --html FILE, --md FILE or --json FILE', EXIT.usage);
  }
  const files = Object.entries({ html, md, json }) as ['html' | 'md' | 'json', string | undefined][];
  for (const [kind, file] of files) {
    if (file === undefined) continue;
    writeReport(kind, file, parts);
    print(deps, `wrote ${file}`);
  }
}

async function partsOf(name: string, against: string | undefined, dir: string): Promise<ReportInput> {
  const run = await loadRun(dir, name);
  const parts = { run, summary: summarise(run) };
  if (against === undefined) return parts;
  const other = await loadRun(dir, against);
  return { ...parts, against: { run: other, summary: summarise(other), diff: diffRuns(other, run) } };
}

export interface DiffFlags extends KeptFlags {
  readonly failOnFlip?: boolean;
  readonly md?: string;
}

/** `eval diff A B`. */
export async function diffKept(deps: EvalDeps, a: string, b: string, flags: DiffFlags): Promise<void> {
  const parts = await partsOf(b, a, flags.dir);
  const diff = parts.against?.diff;
  if (diff === undefined) return;
  if (flags.json === true) print(deps, printableJson(diff, 2));
  else print(deps, diffText(diff, { width: widthOf(deps) }));
  if (flags.md !== undefined) writeReport('diff', flags.md, parts);
  const compared = diff.flips.length + diff.moved.length + diff.unchanged;
  if (flags.failOnFlip === true && compared === 0) {
    throw new CliError(
      'the runs have no answered call in common: nothing was compared',
      'compare runs of the same calls',
    );
  }
  exitWith(deps, flags.failOnFlip === true && diff.flips.length > 0 ? EXIT.finding : EXIT.ok);
}
