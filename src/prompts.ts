import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, type Problem } from './config/problem.ts';
import { suggest } from './config/suggest.ts';
import { MODEL_PROMPTS, type ModelPrompt, type ModelPrompts, parseModelPrompt } from './prompts/model-prompt.ts';
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
import { type PromptSource, readPromptFiles } from './prompts/prompt-files.ts';
import { contentHash } from './version.ts';

export { CLASSIFIER_ANSWERS, type ModelPrompt, type ModelPrompts } from './prompts/model-prompt.ts';
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

/** A prompt file in use, as `prompts list` shows it. */
export interface PromptFile {
  /** Path below its directory without `.md`: `guard`, `probes/es`. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly purpose: string;
  readonly hash: string;
  /** As it is shown to people: from the working directory. */
  readonly file: string;
  readonly from: PromptSource['from'];
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
  /** What models are told. */
  readonly model: ModelPrompts;
  /** Content hash over every prompt file in use. */
  readonly hash: string;
  /** Content hash of each file in use, by its id. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly files: readonly PromptFile[];
  /** What does not keep the prompts from being used, but is probably a mistake. */
  readonly warnings: readonly Problem[];
}

const FALLBACK_LANGUAGE = 'en';

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
 * Loads the prompts of the package; a file below `overrideDir` (such as `guard.md` or `probes/es.md`) replaces the one
 * of the package. Throws ConfigError with every problem: unknown variables and sections, missing kinds, unreadable
 * files.
 */
export function loadPrompts(overrideDir?: string): Prompts {
  const sources = readPromptFiles(packagePromptsDir, overrideDir);
  const problems: Problem[] = [];
  const files: PromptFile[] = [];
  const keep = (source: PromptSource, read: { parsed: Named; problems: readonly Problem[] }) => {
    const { name, version, purpose } = read.parsed;
    const hash = contentHash(source.content);
    problems.push(...read.problems);
    files.push({ id: idOf(source), name, version, purpose, hash, file: source.shown, from: source.from });
  };
  const model: Partial<Record<keyof ModelPrompts, ModelPrompt>> = {};
  const probes = new Map<string, ProbeFile>();
  const fileOf = new Map<string, string>();
  for (const source of sources) {
    const id = idOf(source);
    if (/^probes\/[^/]+\.md$/.test(source.path)) {
      const read = parseProbeFile(source.content, source.shown);
      const language = canonical(basename(source.path, '.md'));
      keep(source, read);
      probes.set(language, read.parsed);
      fileOf.set(language, source.shown);
    } else if (isModelPrompt(id)) {
      const read = parseModelPrompt(source.content, source.shown, MODEL_PROMPTS[id]);
      keep(source, read);
      model[id] = read.parsed;
    }
  }
  for (const [language, probe] of probes) {
    problems.push(...missingSections(language, probe, probes, fileOf.get(language) ?? language));
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    ...probeTexts(probes),
    // Every one of them is in the package, and was checked against its own variables.
    model: model as ModelPrompts,
    hash: contentHash(sources.map(({ path, content }) => `${path}\0${content}\0`).join('')),
    hashes: Object.fromEntries(files.map(({ id, hash }) => [id, hash])),
    files,
    warnings: sources.flatMap(unread),
  };
}

type Named = Pick<PromptFile, 'name' | 'version' | 'purpose'>;

const idOf = ({ path }: PromptSource): string => path.slice(0, -'.md'.length);

function isModelPrompt(id: string): id is keyof ModelPrompts {
  return Object.hasOwn(MODEL_PROMPTS, id);
}

/** A file that is named almost like a prompt was probably meant to be one. Others may lie there as they like. */
function unread(source: PromptSource): Problem[] {
  if (source.path.includes('/') || isModelPrompt(idOf(source))) return [];
  const near = suggest(
    source.path,
    Object.keys(MODEL_PROMPTS).map((name) => `${name}.md`),
  );
  return near === undefined ? [] : [{ file: source.shown, message: 'is not read', hint: near }];
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

function probeTexts(probes: ReadonlyMap<string, ProbeFile>): Pick<Prompts, 'languages' | 'text' | 'texts' | 'answers'> {
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
  };
}

/** `pt_BR` and `PT-br` are `pt-br` here. */
function canonical(language: string): string {
  return language.trim().replaceAll('_', '-').toLowerCase();
}

function baseLanguage(language: string): string {
  return language.split('-', 1)[0] ?? language;
}
