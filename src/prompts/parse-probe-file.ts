import type { Problem } from '../config/problem.ts';
import { suggest } from '../config/suggest.ts';
import { linesOf, readFrontMatter } from './front-matter.ts';

/** Sections of a probe file that hold what the agent says. */
export const TEXT_KINDS = [
  'greeting',
  'hold',
  'who',
  'scope',
  'there',
  'again',
  'closing',
  'goodbye',
  'fallback',
  'screening',
  'voicemail',
] as const;
export type TextKind = (typeof TEXT_KINDS)[number];

/** Sections that hold short replies of callers, lower case. */
export const ANSWER_KINDS = ['yes', 'no', 'clumsy', 'wait-request'] as const;
export type AnswerKind = (typeof ANSWER_KINDS)[number];

/** Variables that a text may hold as `{{name}}`: what the line is for, and the name the agent speaks under. */
export const PROMPT_VARIABLES = ['scope', 'agent'] as const;
export type PromptVariable = (typeof PROMPT_VARIABLES)[number];
export type PromptVars = Readonly<Record<PromptVariable, string>>;

export interface ProbeFile {
  readonly name: string;
  readonly version: string;
  readonly purpose: string;
  readonly sections: ReadonlyMap<TextKind | AnswerKind, readonly string[]>;
}

const SECTIONS: readonly string[] = [...TEXT_KINDS, ...ANSWER_KINDS];
/** A probe is one or two sentences; longer ones are a mistake. */
const MAX_TEXT = 400;

/**
 * Reads one `prompts/probes/<language>.md`: front matter (`name`, `version`, `purpose`), then `## kind` sections
 * with one text a line (`- text`). Returns what could be read and every problem, with its line.
 */
export function parseProbeFile(content: string, file: string): { parsed: ProbeFile; problems: Problem[] } {
  const problems: Problem[] = [];
  const lines = linesOf(content);
  const complain = (line: number, message: string, hint?: string) => {
    problems.push({ file, line, column: 1, message, ...(hint === undefined ? {} : { hint }) });
  };
  const { fields, next } = readFrontMatter(lines, complain);
  const sections = new Map<TextKind | AnswerKind, string[]>();
  let texts: string[] | undefined;
  let isAnswers = false;
  for (let at = next; at < lines.length; at++) {
    const text = (lines[at] ?? '').trim();
    const line = at + 1;
    if (text === '') continue;
    if (text.startsWith('#')) {
      const title = text.replace(/^#+\s*/, '');
      texts = [];
      if (!text.startsWith('## ') || !isSection(title)) {
        complain(
          line,
          `unknown section "${title}"`,
          suggest(title, SECTIONS) ?? `sections are: ${SECTIONS.join(', ')}`,
        );
      } else if (sections.has(title))
        complain(line, `section "${title}" is there twice`, 'put its lines under one heading');
      else {
        sections.set(title, texts);
        isAnswers = isOneOf(ANSWER_KINDS, title);
      }
      continue;
    }
    if (texts === undefined) complain(line, 'text before the first section', 'start a section with "## kind"');
    else if (!text.startsWith('- ')) complain(line, 'not a text', 'one text a line, as in "- One moment, please."');
    else texts.push(checkText(text.slice(2).trim(), isAnswers, (message, hint) => complain(line, message, hint)));
  }
  return {
    parsed: {
      name: fields.get('name')?.value ?? '',
      version: fields.get('version')?.value ?? '',
      purpose: fields.get('purpose')?.value ?? '',
      sections,
    },
    problems,
  };
}

function checkText(text: string, isAnswer: boolean, complain: (message: string, hint?: string) => void): string {
  if (text === '') complain('empty text');
  if (text.length > MAX_TEXT)
    complain(`text of ${text.length} characters`, `at most ${MAX_TEXT}: it is spoken in one go`);
  // An answer is compared with lower-cased speech: a capital could never match.
  if (isAnswer && text !== text.toLowerCase()) complain('an answer with capitals', 'write answers in lower case');
  const names = [...text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)].map((match) => match[1] ?? '');
  if (isAnswer && names.length > 0) complain('a variable in an answer', 'answers are plain words');
  for (const name of names) {
    if (!isOneOf(PROMPT_VARIABLES, name)) {
      complain(
        `unknown variable "{{${name}}}"`,
        suggest(name, PROMPT_VARIABLES) ?? `variables are: ${PROMPT_VARIABLES.join(', ')}`,
      );
    }
  }
  if (/[{}]/.test(text.replace(/\{\{[^{}]*\}\}/g, ''))) complain('a stray brace', 'variables are written {{scope}}');
  return text;
}

function isSection(title: string): title is TextKind | AnswerKind {
  return SECTIONS.includes(title);
}

function isOneOf<const T extends string>(values: readonly T[], value: string): value is T {
  return (values as readonly string[]).includes(value);
}
