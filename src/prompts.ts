import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, type Problem } from './config/problem.ts';
import {
  ANSWER_KINDS,
  type AnswerKind,
  PROMPT_VARIABLES,
  type ProbeFile,
  type PromptVars,
  parseProbeFile,
  TEXT_KINDS,
  type TextKind,
} from './prompts/parse-probe-file.ts';
import { contentHash } from './version.ts';

export { ANSWER_KINDS, type PromptVars, TEXT_KINDS, type TextKind } from './prompts/parse-probe-file.ts';

/** Short replies of callers, lower case, by what they mean. */
export interface Answers {
  readonly yes: readonly string[];
  readonly no: readonly string[];
  /** "what?", half a repeat: a person, but not an answer. */
  readonly clumsy: readonly string[];
  /** The caller asks for a moment. */
  readonly waitRequest: readonly string[];
}

/** The texts of the agent and the short replies of callers, per language. Languages are BCP 47 in any case. */
export interface Prompts {
  /** Languages with a file of their own, sorted. */
  readonly languages: readonly string[];
  /** The first text of a kind with its variables filled in. Falls back from `es-MX` to `es` to `en`. */
  text(language: string, kind: TextKind, vars: PromptVars): string;
  /** Every text of a kind, variables unfilled. Falls back likewise. */
  texts(language: string, kind: TextKind): readonly string[];
  answers(language: string): Answers;
  /** Content hash over every prompt file in use. */
  readonly hash: string;
}

const FALLBACK_LANGUAGE = 'en';
const MAX_FILES = 500;
const MAX_FILE_BYTES = 256 * 1024;

/** `prompts/` of the package; this file lies in `src` or `dist`, one level below it. */
export const packagePromptsDir = fileURLToPath(new URL('../prompts', import.meta.url));

/** Fills `{{scope}}` and `{{agent}}` in. What is put in is not read again for variables. */
export function fillPrompt(text: string, vars: PromptVars): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => {
    const variable = PROMPT_VARIABLES.find((known) => known === name);
    return variable === undefined ? whole : vars[variable];
  });
}

/**
 * Loads the prompts of the package; a file below `overrideDir` (such as `probes/es.md`) replaces the one of the
 * package. Throws ConfigError with every problem: unknown variables and sections, missing kinds, unreadable files.
 */
export function loadPrompts(overrideDir?: string): Prompts {
  const files = new Map<string, string>();
  const shown = new Map<string, string>();
  for (const directory of overrideDir === undefined ? [packagePromptsDir] : [packagePromptsDir, overrideDir]) {
    for (const path of listPromptFiles(directory)) {
      const name = relative(directory, path).split(sep).join('/');
      files.set(name, readFileSync(path, 'utf8'));
      shown.set(name, relative(process.cwd(), path) || path);
    }
  }
  const problems: Problem[] = [];
  const probes = new Map<string, ProbeFile>();
  const fileOf = new Map<string, string>();
  for (const [name, content] of files) {
    if (!/^probes\/[^/]+\.md$/.test(name)) continue;
    const language = canonical(basename(name, '.md'));
    const file = shown.get(name) ?? name;
    const read = parseProbeFile(content, file);
    problems.push(...read.problems);
    probes.set(language, read.parsed);
    fileOf.set(language, file);
  }
  for (const [language, probe] of probes) {
    problems.push(...missingSections(language, probe, probes, fileOf.get(language) ?? language));
  }
  if (problems.length > 0) throw new ConfigError(problems);
  const names = [...files.keys()].sort();
  return createPrompts(probes, contentHash(names.map((name) => `${name}\0${files.get(name)}\0`).join('')));
}

function listPromptFiles(directory: string): string[] {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new ConfigError([
      { file: directory, message: 'no such directory', hint: 'it holds probes/<language>.md files' },
    ]);
  }
  const found = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name));
  const tooBig = found.find((path) => statSync(path).size > MAX_FILE_BYTES);
  if (tooBig !== undefined) throw new ConfigError([{ file: tooBig, message: `larger than ${MAX_FILE_BYTES} bytes` }]);
  if (found.length > MAX_FILES) throw new ConfigError([{ file: directory, message: `more than ${MAX_FILES} files` }]);
  return found;
}

/** Every language has every kind; only a variant (`es-MX`) of a language that has a file may leave kinds out. */
function missingSections(
  language: string,
  probe: ProbeFile,
  all: ReadonlyMap<string, ProbeFile>,
  file: string,
): Problem[] {
  const base = baseLanguage(language);
  if (base !== language && all.has(base)) return [];
  return [...TEXT_KINDS, ...ANSWER_KINDS]
    .filter((kind) => !probe.sections.get(kind)?.length)
    .map((kind) => ({ file, message: `no texts for "${kind}"`, hint: `add "## ${kind}" with at least one "- text"` }));
}

function createPrompts(probes: ReadonlyMap<string, ProbeFile>, hash: string): Prompts {
  const texts = (language: string, kind: TextKind | AnswerKind): readonly string[] => {
    const wanted = canonical(language);
    for (const candidate of [wanted, baseLanguage(wanted), FALLBACK_LANGUAGE]) {
      const found = probes.get(candidate)?.sections.get(kind);
      if (found?.length) return found;
    }
    return [];
  };
  return {
    languages: [...probes.keys()].sort(),
    texts,
    text: (language, kind, vars) => fillPrompt(texts(language, kind)[0] ?? '', vars),
    answers: (language) => ({
      yes: texts(language, 'yes'),
      no: texts(language, 'no'),
      clumsy: texts(language, 'clumsy'),
      waitRequest: texts(language, 'wait-request'),
    }),
    hash,
  };
}

/** `pt_BR` and `PT-br` are `pt-br` here. */
function canonical(language: string): string {
  return language.trim().replaceAll('_', '-').toLowerCase();
}

function baseLanguage(language: string): string {
  return language.split('-', 1)[0] ?? language;
}
