import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { explainIssue, type Finding } from './explain-issue.ts';
import { guardJsonSchema } from './json-schema.ts';
import { ConfigError, type Problem } from './problem.ts';
import { followReferences } from './references.ts';
import { type Config, guardSchema } from './schema.ts';
import { findSecrets, SECRETS_HINT } from './secret-text.ts';
import { readYaml } from './yaml-source.ts';

const MAX_CONFIG_BYTES = 16 * 1024 * 1024;

export interface LoadOptions {
  /** Names of the signals that exist, to check `agents.*.signals`. Absent: any name passes. */
  readonly knownSignals?: readonly string[];
}

/**
 * Reads a guard.yaml; undefined gives the defaults. `prompt` then holds the text of `prompt_file`, and `prompts_dir`
 * and `weights_file` are absolute. Throws ConfigError with every problem of the file.
 */
export function loadConfig(file: string | undefined, options: LoadOptions = {}): Config {
  if (file === undefined) return guardSchema().parse({});
  const shown = shownPath(file);
  return parseConfig(readText(file, shown), shown, { ...options, directory: dirname(resolve(file)) });
}

/** Reads the text of a guard.yaml. `file` is only shown; `directory` is where its relative paths begin. */
export function parseConfig(
  text: string,
  file: string,
  options: LoadOptions & { readonly directory?: string } = {},
): Config {
  const schema = guardJsonSchema(options.knownSignals);
  const source = readYaml(text, file, schema);
  if (!source.usable) throw new ConfigError(source.problems);
  const result = guardSchema(options.knownSignals).safeParse(source.value);
  const references = followReferences(source.value, options.directory ?? process.cwd());
  const findings: Finding[] = [
    ...(result.error?.issues ?? []).flatMap((issue) => explainIssue(issue, source.value, schema)),
    ...references.findings,
  ];
  const named = new Set(
    findings.filter(({ hint }) => hint?.startsWith(SECRETS_HINT)).map(({ path }) => path.join('.')),
  );
  for (const path of findSecrets(source.value)) {
    if (named.has(path.join('.'))) continue;
    findings.push({
      path,
      message: 'looks like a secret',
      hint: `${SECRETS_HINT}; remove it here, and change it if the file was shared`,
    });
  }
  const problems: Problem[] = findings.map(({ path, message, hint }) => ({
    file,
    ...source.locate(path),
    path: path.map(String).join('.'),
    message,
    ...(hint === undefined ? {} : { hint }),
  }));
  if (!result.success || problems.length > 0 || source.problems.length > 0) {
    throw new ConfigError([...source.problems, ...problems]);
  }
  const config = result.data;
  for (const [name, prompt] of references.prompts) {
    const agent = config.agents[name];
    if (agent) agent.prompt = prompt;
  }
  const { promptsDir, weightsFile } = references;
  return {
    ...config,
    ...(promptsDir === undefined ? {} : { prompts_dir: promptsDir }),
    ...(weightsFile === undefined ? {} : { weights_file: weightsFile }),
  };
}

/** The guard.yaml of a directory, if there is one: what commands use when no --config is given. */
export function findConfigFile(directory: string = process.cwd()): string | undefined {
  const file = join(directory, 'guard.yaml');
  return existsSync(file) ? file : undefined;
}

function readText(file: string, shown: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found)
    throw new ConfigError([{ file: shown, message: 'no such file', hint: 'make one with: hangup-guard init' }]);
  if (!found.isFile())
    throw new ConfigError([{ file: shown, message: 'not a file', hint: 'give the path of a guard.yaml' }]);
  if (found.size > MAX_CONFIG_BYTES)
    throw new ConfigError([{ file: shown, message: `larger than ${MAX_CONFIG_BYTES} bytes` }]);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const message =
      error instanceof TypeError
        ? 'not UTF-8 text'
        : `cannot be read (${error instanceof Error ? error.message : 'unknown reason'})`;
    throw new ConfigError([{ file: shown, message }]);
  }
}

/** Paths below the working directory are shown from there. */
function shownPath(file: string): string {
  const from = relative(process.cwd(), resolve(file));
  return from.startsWith('..') ? file : from;
}
