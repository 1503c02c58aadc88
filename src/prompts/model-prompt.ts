import type { Problem } from '../config/problem.ts';
import { suggest } from '../config/suggest.ts';
import { CATEGORIES, type Classified } from '../guard/types.ts';
import { contentHash } from '../version.ts';
import { linesOf, readFrontMatter } from './front-matter.ts';
import {
  parseTemplate,
  renderTemplate,
  VARIABLE_TYPES,
  type VariableType,
  type VariableTypes,
  type VarsOf,
} from './template.ts';

/** What the classifier may answer: the vocabulary of its prompt and of its schema. */
export const CLASSIFIER_ANSWERS = [...CATEGORIES, 'customer', 'unsure'] as const satisfies readonly Classified[];

interface ModelPromptKind {
  /** The variables that the guard can fill in. A file declares those that it uses. */
  readonly variables: VariableTypes;
  /** Without these the prompt would not do its work. */
  readonly needs: readonly string[];
  /** Words that the text must explain. */
  readonly explains: readonly string[];
}

/** The prompts for models, by the name of their file without `.md`. */
export const MODEL_PROMPTS = {
  guard: {
    variables: {
      report: 'flag',
      end_call: 'flag',
      transfers: 'list',
      agent: 'text',
      scope: 'text',
      prompt: 'text',
      language: 'language',
    },
    needs: ['prompt'],
    explains: [],
  },
  classifier: {
    variables: { scope: 'text', language: 'language' },
    needs: ['scope'],
    explains: CLASSIFIER_ANSWERS,
  },
  'retell-llm': { variables: { scope: 'text' }, needs: [], explains: [] },
  'retell-end-call': { variables: {}, needs: [], explains: [] },
} as const satisfies Record<string, ModelPromptKind>;
export type ModelPromptName = keyof typeof MODEL_PROMPTS;

/** A prompt for a model, checked: every variable that it uses can be filled in. */
export interface ModelPrompt<Types extends VariableTypes = VariableTypes> {
  readonly name: string;
  readonly version: string;
  readonly purpose: string;
  /** First 12 hex digits of the SHA-256 of its file. */
  readonly hash: string;
  /** Most tokens that it should take, all sections there and the agent's own prompt left out; null: not stated. */
  readonly budget: number | null;
  /** The text before the first variable, which is the same for every agent. */
  readonly prefix: string;
  /** Throws RangeError that names a variable which is missing or of another type. */
  render(vars: VarsOf<Types>): string;
}
export type ModelPrompts = {
  readonly [Name in ModelPromptName]: ModelPrompt<(typeof MODEL_PROMPTS)[Name]['variables']>;
};

/** Reads one prompt for a model. Returns what could be read and every problem, with its line. */
export function parseModelPrompt(
  content: string,
  file: string,
  kind: ModelPromptKind,
): { parsed: ModelPrompt; problems: Problem[] } {
  const problems: Problem[] = [];
  const complain = (line: number, message: string, hint?: string) => {
    problems.push({ file, line, column: 1, message, ...(hint === undefined ? {} : { hint }) });
  };
  const lines = linesOf(content);
  const front = readFrontMatter(lines, complain, ['budget', 'variables']);
  const declared = new Map<string, { type: VariableType; line: number }>();
  for (const [name, { value, line }] of front.variables) {
    const known = Object.hasOwn(kind.variables, name) ? kind.variables[name] : undefined;
    const type = VARIABLE_TYPES.find((one) => one === value);
    if (known === undefined) {
      const names = Object.keys(kind.variables);
      const hint = suggest(name, names) ?? (names.length > 0 ? `variables are: ${names.join(', ')}` : 'there are none');
      complain(line, `unknown variable "${name}"`, hint);
    } else if (type === undefined) {
      complain(line, `unknown type "${value.slice(0, 40)}"`, `types are: ${VARIABLE_TYPES.join(', ')}`);
    } else if (type !== known) complain(line, `"${name}" is a ${known}, not a ${type}`, `write "${name}: ${known}"`);
    // The type that was meant: one mistake is told once.
    declared.set(name, { type: known ?? type ?? 'text', line });
  }
  const template = parseTemplate(lines, front.next, declared, complain);
  const body = lines.slice(front.next).join('\n');
  if (body.trim() === '') complain(front.next + 1, 'no text', 'write the prompt below the front matter');
  for (const name of kind.needs) {
    if (!declared.has(name)) {
      const type = kind.variables[name] ?? 'text';
      complain(1, `no {{${name}}}`, `declare "${name}: ${type}" under variables and write {{${name}}} in the text`);
    }
  }
  for (const word of kind.explains) {
    if (!new RegExp(`\\b${word}\\b`).test(body)) {
      complain(front.next + 1, `nothing about "${word}"`, 'it is one of the answers: say what it means');
    }
  }
  const stated = front.fields.get('budget');
  if (stated && !/^[1-9]\d{0,5}$/.test(stated.value)) {
    complain(stated.line, `budget "${stated.value.slice(0, 40)}"`, 'a budget is a whole number of tokens');
  }
  const types = new Map([...declared].map(([name, { type }]) => [name, type]));
  const name = front.fields.get('name')?.value ?? '';
  return {
    parsed: {
      name,
      version: front.fields.get('version')?.value ?? '',
      purpose: front.fields.get('purpose')?.value ?? '',
      hash: contentHash(content),
      budget: stated ? Number(stated.value) : null,
      prefix: template.prefix,
      render: (vars) => {
        try {
          return renderTemplate(template, types, vars);
        } catch (error) {
          throw error instanceof RangeError ? new RangeError(`prompt ${name}: ${error.message}`) : error;
        }
      },
    },
    problems,
  };
}
