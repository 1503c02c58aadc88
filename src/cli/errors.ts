import { ConfigError } from '../config/problem.ts';

/** Exit codes of every command. */
export const EXIT = {
  ok: 0,
  /** The command ran and found something: a failed run, a call that came out differently. */
  finding: 1,
  /** Wrong usage or a wrong configuration: nothing was run. */
  usage: 2,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * An error that the person at the terminal can do something about. Printed as `error: message` and `hint: hint`,
 * never with a stack. The message carries no secret and no text of a caller.
 */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;
  constructor(message: string, hint?: string, exitCode: ExitCode = EXIT.finding) {
    super(message);
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** What to print for an error and what to exit with. Only errors that nobody foresaw show a stack. */
export function explainError(error: unknown): { text: string; exitCode: ExitCode } {
  if (error instanceof CliError) {
    const hint = error.hint === undefined ? '' : `hint: ${error.hint}\n`;
    return { text: `error: ${error.message}\n${hint}`, exitCode: error.exitCode };
  }
  if (error instanceof ConfigError) return { text: `error: ${error.message}\n`, exitCode: EXIT.usage };
  if (isSystemError(error)) return { text: `error: ${error.message}\n`, exitCode: EXIT.finding };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    text: `error: unexpected: ${detail}\nhint: this is a bug in hangup-guard; please report it with the lines above\n`,
    exitCode: EXIT.finding,
  };
}

/** An error of the operating system (EADDRINUSE, EACCES, ENOENT ...): its message says enough. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
