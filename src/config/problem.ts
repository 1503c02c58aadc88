/** One thing that is wrong in a file of the user. `line` and `column` count from 1; absent when the file itself is the problem. */
export interface Problem {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** Dotted path of the field, such as `listen.port`. */
  readonly path?: string;
  readonly message: string;
  readonly hint?: string;
}

/** `guard.yaml:12:3 listen.port: expected ..., got ... — hint` */
export function formatProblem(problem: Problem): string {
  const place = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}:${problem.column ?? 1}`;
  const path = problem.path ? ` ${problem.path}` : '';
  const hint = problem.hint ? ` — ${problem.hint}` : '';
  return `${place}${path}: ${problem.message}${hint}`;
}

/** A file of the user cannot be used. Carries every problem found in it, in the order of the lines; none holds a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    const ordered = [...problems].sort(
      (a, b) => a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
    );
    super(ordered.map(formatProblem).join('\n'));
    this.problems = ordered;
  }
}
