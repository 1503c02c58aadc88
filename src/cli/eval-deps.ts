import { ResponderSetupError } from '../responders/index.ts';
import { AnswerFileError } from '../workshop/answers/answer-file.ts';
import { DataSetError } from '../workshop/data-set.ts';
import { RunError } from '../workshop/eval/run-error.ts';
import { FixtureError } from '../workshop/fixture-files.ts';
import { CliError, EXIT } from './errors.ts';

/** What `eval` needs of the process around it. */
export interface EvalDeps {
  /** Played where neither a path nor --data is given, and the working directory has no `fixtures`. */
  readonly fixturesDirectory: string;
  readonly stdout?: { write(text: string): unknown };
  readonly stderr?: { write(text: string): unknown };
  readonly setExitCode?: (code: number) => void;
  /** Ends a run after the calls under way, in place of Ctrl-C. */
  readonly stopped?: () => boolean;
  readonly columns?: number;
}

export const INTERRUPTED = 130;

export function print(deps: EvalDeps, text: string): void {
  (deps.stdout ?? process.stdout).write(`${text}\n`);
}

export function note(deps: EvalDeps, text: string): void {
  (deps.stderr ?? process.stderr).write(`${text}\n`);
}

export function exitWith(deps: EvalDeps, code: number): void {
  const set = deps.setExitCode ?? ((value: number) => (process.exitCode = value));
  set(code);
}

/** Columns of the terminal, or of a page where the output goes elsewhere. */
export function widthOf(deps: EvalDeps): number {
  const told = Number(process.env.COLUMNS) || 100;
  return Math.min(deps.columns ?? process.stdout.columns ?? told, 160);
}

/** Faults of files and names that somebody gave are told as such, and nothing was run. */
export async function explaining(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof RunError) throw new CliError(error.message, error.hint, EXIT.usage);
    if (error instanceof FixtureError || error instanceof DataSetError || error instanceof AnswerFileError) {
      throw new CliError(error.message, undefined, EXIT.usage);
    }
    if (error instanceof ResponderSetupError) {
      throw new CliError(error.message, '`hangup-guard doctor` looks at every key and server', EXIT.usage);
    }
    throw error;
  }
}
