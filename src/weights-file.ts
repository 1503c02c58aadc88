import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigError, type Problem } from './config/problem.ts';
import { suggest } from './config/suggest.ts';
import { type Weights, weightsSchema } from './guard/weights.ts';
import { contentHash } from './version.ts';

/** Weights, checked, with the hash of their content. */
export interface LoadedWeights {
  readonly weights: Weights;
  readonly hash: string;
}

/** The weights of the package: beside `prompts/`, so that an edit needs no build. */
export const weightsFile = fileURLToPath(new URL('../weights.json', import.meta.url));

/**
 * Reads a weights file; by default that of the package.
 * @throws ConfigError when it cannot be read, is no weights file, or names a signal or level that there is not.
 */
export function loadWeights(file: string = weightsFile): LoadedWeights {
  let text: string;
  let json: unknown;
  try {
    text = readFileSync(file, 'utf8');
    json = JSON.parse(text);
  } catch (error) {
    const message = error instanceof SyntaxError ? `no JSON: ${error.message}` : 'cannot be read';
    throw new ConfigError([{ file, message }]);
  }
  const read = weightsSchema.safeParse(json);
  if (!read.success) {
    throw new ConfigError(
      read.error.issues.map(({ path, message }) => ({ file, path: path.map(String).join('.'), message })),
    );
  }
  if (file !== weightsFile) {
    const problems = strangers(read.data, loadWeights().weights).map((problem) => ({ ...problem, file }));
    if (problems.length > 0) throw new ConfigError(problems);
  }
  return { weights: read.data, hash: contentHash(text) };
}

/** Names that no signal has would silently take the points of the signal that was meant away. */
function strangers(weights: Weights, known: Weights): Omit<Problem, 'file'>[] {
  return Object.entries(weights.signals).flatMap(([signal, { points }]) => {
    const levels = known.signals[signal]?.points;
    if (levels === undefined) return [stranger(['signals', signal], 'there is no such signal', signal, known.signals)];
    return Object.keys(points).flatMap((level) =>
      Object.hasOwn(levels, level)
        ? []
        : [stranger(['signals', signal, 'points', level], `${signal} has no such level`, level, levels)],
    );
  });
}

function stranger(path: readonly string[], message: string, name: string, known: object): Omit<Problem, 'file'> {
  const names = Object.keys(known);
  const near = suggest(name, names);
  return { path: path.join('.'), message, hint: near ?? `there are: ${names.slice(0, 30).join(', ')}` };
}
