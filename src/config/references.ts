import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Finding } from './explain-issue.ts';
import type { Path } from './json-schema.ts';
import { MODEL_TYPES } from './responders.ts';
import { suggest } from './suggest.ts';

/** What the file points at: other entries of it, and files. */
export interface References {
  readonly findings: readonly Finding[];
  /** Text of prompt_file, by agent. */
  readonly prompts: ReadonlyMap<string, string>;
  /** Absolute paths of prompts_dir and weights_file. */
  readonly promptsDir?: string;
  readonly weightsFile?: string;
}

const MAX_PROMPT_BYTES = 400_000;

/**
 * Follows the references of a file that may be wrong elsewhere, so that all problems are found at once: responders
 * that do not exist, prompt files and directories that cannot be read. `directory` is that of guard.yaml.
 */
export function followReferences(raw: unknown, directory: string): References {
  const findings: Finding[] = [];
  const prompts = new Map<string, string>();
  if (!isMap(raw)) return { findings, prompts };
  const specs = isMap(raw.responders) ? raw.responders : {};
  const responders = ['scripted', ...Object.keys(specs)];
  for (const [name, spec] of Object.entries(specs)) {
    if (!isMap(spec) || spec.type !== 'providers' || !Array.isArray(spec.providers)) continue;
    spec.providers.forEach((provider: unknown, i) => {
      findings.push(...modelNamed(provider, ['responders', name, 'providers', i], specs));
    });
  }
  if (isMap(raw.classifier) && raw.classifier.responder !== undefined) {
    findings.push(...modelNamed(raw.classifier.responder, ['classifier', 'responder'], specs));
  }
  for (const [name, agent] of Object.entries(isMap(raw.agents) ? raw.agents : {})) {
    if (!isMap(agent)) continue;
    const { responder, prompt, prompt_file: promptFile } = agent;
    if (typeof responder === 'string' && !responders.includes(responder)) {
      const hint = suggest(responder, responders) ?? `responders are: ${responders.join(', ')}`;
      findings.push({
        path: ['agents', name, 'responder'],
        message: `there is no responder "${responder.slice(0, 64)}"`,
        hint,
      });
    }
    if (typeof promptFile !== 'string' || promptFile === '') continue;
    const path = ['agents', name, 'prompt_file'];
    if (prompt !== undefined) findings.push({ path, message: 'given beside prompt', hint: 'keep one of the two' });
    const read = readPrompt(resolve(directory, promptFile));
    if ('text' in read) prompts.set(name, read.text);
    else findings.push({ path, message: read.problem, hint: 'the path is relative to the file that it stands in' });
  }
  const there = (key: 'prompts_dir' | 'weights_file', what: 'directory' | 'file'): string | undefined => {
    const named = raw[key];
    if (typeof named !== 'string' || named === '') return undefined;
    const path = resolve(directory, named);
    const found = statSync(path, { throwIfNoEntry: false });
    if (!(what === 'directory' ? found?.isDirectory() : found?.isFile())) {
      const hint = 'the path is relative to the file that it stands in';
      findings.push({ path: [key], message: `no such ${what}`, hint });
    }
    return path;
  };
  const promptsDir = there('prompts_dir', 'directory');
  const weightsFile = there('weights_file', 'file');
  return {
    findings,
    prompts,
    ...(promptsDir === undefined ? {} : { promptsDir }),
    ...(weightsFile === undefined ? {} : { weightsFile }),
  };
}

/** What is wrong with the name of a responder that must be a model. */
function modelNamed(name: unknown, path: Path, specs: Readonly<Record<string, unknown>>): Finding[] {
  if (typeof name !== 'string') return [];
  const models = Object.keys(specs).filter((one) => {
    const spec = specs[one];
    return isMap(spec) && MODEL_TYPES.some((type) => type === spec.type);
  });
  if (models.includes(name)) return [];
  const hint =
    suggest(name, models) ??
    (models.length > 0 ? `models are: ${models.join(', ')}` : 'add one of type openai or anthropic under responders');
  return [{ path, message: `there is no model "${name.slice(0, 64)}"`, hint }];
}

function readPrompt(path: string): { text: string } | { problem: string } {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) return { problem: 'no such file' };
    if (!found.isFile()) return { problem: 'not a file' };
    if (found.size > MAX_PROMPT_BYTES) return { problem: `larger than ${MAX_PROMPT_BYTES} bytes` };
    const text = readFileSync(path, 'utf8').trim();
    return text === '' ? { problem: 'the file is empty' } : { text };
  } catch (error) {
    return {
      problem: `cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'})`,
    };
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
