import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { readAnswers, readCalls, readRun } from './read-run.ts';
import type { AnswersStamp, EvalCall, EvalRun, LoadedRun } from './run.ts';
import { RunError } from './run-error.ts';
import { isHeld, releaseRun, takeRun } from './run-lock.ts';

/** Kept runs below a directory: `<directory>/runs/<id>/`. */
export const RUNS = 'runs';
export const RUN_FILE = 'run.json';
export const CALLS_FILE = 'calls.ndjson';
/** Where the answers of each call came from; needed until the run is over. */
const ANSWERS_FILE = 'answers.ndjson';

/** A run that is being written. */
export interface RunWriter {
  readonly directory: string;
  /** Puts one call on disk. */
  append(call: EvalCall, answers: readonly AnswersStamp[]): void;
  /** Where the answers of all calls so far came from. */
  answers(): readonly AnswersStamp[];
  /** Replaces what the run knows about itself, in one step. */
  save(run: EvalRun): void;
  /** Lets another process go on with it. */
  close(): void;
}

/** `20261122-063012-4f1c`: sorts by time. */
export function newRunId(now: number): string {
  const time = new Date(now).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${time}-${randomBytes(2).toString('hex')}`;
}

/** Begins a run on disk. Calls hold transcripts: nobody else may read them. */
export function createRun(directory: string, run: EvalRun): RunWriter {
  makePrivate(directory);
  const home = join(directory, RUNS, run.id);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  takeRun(home);
  const writer = writerOf(home);
  writer.save(run);
  writeFileSync(join(home, CALLS_FILE), '', { mode: 0o600, flag: 'a' });
  return writer;
}

/** Goes on with an interrupted run; a line that was cut off in the middle is dropped. */
export function continueRun({ directory }: LoadedRun): RunWriter {
  takeRun(directory);
  for (const file of [CALLS_FILE, ANSWERS_FILE].map((name) => join(directory, name))) {
    if (existsSync(file)) truncateSync(file, readFileSync(file).lastIndexOf('\n') + 1);
  }
  return writerOf(directory);
}

function writerOf(directory: string): RunWriter {
  const addLine = (file: string, value: unknown): void =>
    appendFileSync(join(directory, file), `${JSON.stringify(value)}\n`, { mode: 0o600 });
  return {
    directory,
    append(call, used) {
      if (used.length > 0) addLine(ANSWERS_FILE, { key: call.key, used });
      // Last: a call that is there has its answers there.
      addLine(CALLS_FILE, call);
    },
    answers: () => readAnswers(join(directory, ANSWERS_FILE)),
    save: (run) => {
      const file = join(directory, RUN_FILE);
      writeFileSync(`${file}.new`, `${JSON.stringify(run, null, 1)}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
    close: () => releaseRun(directory),
  };
}

/** Kept runs, oldest first, without their calls. Directories that hold none are passed over. */
export function listRuns(directory: string): { readonly run: EvalRun; readonly directory: string }[] {
  const runs = join(directory, RUNS);
  if (!existsSync(runs)) return [];
  const kept = readdirSync(runs).flatMap((id) => {
    const home = join(runs, id);
    if (!existsSync(join(home, RUN_FILE))) return [];
    try {
      return [{ run: readRun(join(home, RUN_FILE)), directory: home }];
    } catch {
      return [];
    }
  });
  // Ids of one second are in no order.
  return kept.sort(({ run: a }, { run: b }) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1));
}

/** The newest interrupted run of this plan that no process is at work on. */
export function interruptedRun(directory: string, planHash: string): { readonly directory: string } | undefined {
  return listRuns(directory).findLast(
    ({ run, directory: home }) => run.finishedAt === null && run.planHash === planHash && !isHeld(home),
  );
}

/**
 * Reads a kept run: by its id or the beginning of it, `last`, `last~1` (the one before, finished ones only), or the
 * path of its directory.
 * @throws RunError when there is none, or several.
 */
export async function loadRun(directory: string, name: string): Promise<LoadedRun> {
  const home = findRun(directory, name);
  const run = readRun(join(home, RUN_FILE));
  return { run, calls: await readCalls(join(home, CALLS_FILE)), directory: home };
}

function findRun(directory: string, name: string): string {
  const back = /^last(?:~(\d{1,6}))?$/.exec(name);
  const kept = listRuns(directory);
  if (back !== null) {
    const finished = kept.filter(({ run }) => run.finishedAt !== null);
    const found = finished.at(-1 - Number(back[1] ?? 0));
    if (found !== undefined) return found.directory;
    const many = finished.length === 1 ? '1 finished run is' : `${finished.length} finished runs are`;
    throw new RunError(`there is no run ${name}: ${many} kept in ${directory}`, 'make one with: hangup-guard eval');
  }
  if (existsSync(join(name, RUN_FILE))) return name;
  const exact = kept.find(({ run }) => run.id === name);
  if (exact !== undefined) return exact.directory;
  const found = name === '' ? [] : kept.filter(({ run }) => run.id.startsWith(name));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.directory;
  if (found.length > 1) {
    const ids = found.slice(0, 5).map(({ run }) => run.id);
    throw new RunError(`${found.length} runs begin with ${name}: ${ids.join(', ')}`, 'give more of the id');
  }
  throw new RunError(`there is no run ${name} in ${directory}`, 'hangup-guard eval list shows what is kept');
}

/** Deletes the oldest runs beyond `keep`; those that a process is at work on stay. */
export function pruneRuns(directory: string, keep: number): number {
  const kept = listRuns(directory);
  const old = kept.slice(0, Math.max(0, kept.length - keep)).filter(({ directory: home }) => !isHeld(home));
  for (const { directory: home } of old) rmSync(home, { recursive: true, force: true });
  return old.length;
}

function makePrivate(directory: string): void {
  const fresh = !existsSync(directory);
  mkdirSync(join(directory, RUNS), { recursive: true, mode: 0o700 });
  // A directory that was there before is somebody's own; what is in it is ours.
  chmodSync(fresh ? directory : join(directory, RUNS), 0o700);
}
