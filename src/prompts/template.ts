import { suggest } from '../config/suggest.ts';
import { languageName } from '../responders/language.ts';
import type { Complain } from './front-matter.ts';
import { withoutSpeakerTags } from './speaker-tags.ts';

/**
 * Types of variables. `text` is put in as it is; `language`, a BCP 47 tag, as the English name of the language; `flag`
 * only opens and closes sections; `list` is put in as one `- item` a line, and opens a section when it is not empty.
 */
export const VARIABLE_TYPES = ['text', 'language', 'flag', 'list'] as const;
export type VariableType = (typeof VARIABLE_TYPES)[number];
export type VariableTypes = Readonly<Record<string, VariableType>>;

interface ValueOf {
  readonly text: string;
  readonly language: string;
  readonly flag: boolean;
  readonly list: readonly string[];
}
/** The values that variables of these types take. */
export type VarsOf<Types extends VariableTypes> = { readonly [Name in keyof Types]: ValueOf[Types[Name]] };

type Node =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'value'; readonly name: string }
  | { readonly type: 'section'; readonly name: string; readonly nodes: readonly Node[] };

/** A text with `{{name}}` in it, and `{{#name}}` … `{{/name}}` on lines of their own around what may be left out. */
export interface Template {
  readonly nodes: readonly Node[];
  /** The text before the first variable: the same whatever is filled in. */
  readonly prefix: string;
}

/**
 * Reads a template. Complains of variables that are not declared, are declared and not used, or stand where their type
 * does not fit, of sections that are nested or not closed, and of stray braces. Single braces are text.
 *
 * @param lines the whole file; the template begins at index `from`.
 */
export function parseTemplate(
  lines: readonly string[],
  from: number,
  declared: ReadonlyMap<string, { readonly type: VariableType; readonly line: number }>,
  complain: Complain,
): Template {
  const top: Node[] = [];
  let nodes = top;
  let open: { name: string; line: number } | undefined;
  const used = new Set<string>();
  const check = (name: string, line: number, fits: readonly VariableType[], hint: string) => {
    used.add(name);
    const type = declared.get(name)?.type;
    if (type === undefined) {
      const near = suggest(name, [...declared.keys()]);
      complain(line, `undeclared variable "{{${name}}}"`, near ?? 'declare it in the front matter, under variables');
    } else if (!fits.includes(type)) complain(line, `"${name}" is a ${type}`, hint);
  };
  for (let at = from; at < lines.length; at++) {
    const text = lines[at] ?? '';
    const line = at + 1;
    const [, mark, tagged = ''] = /^\s*\{\{\s*([#/])\s*([^{}]*?)\s*\}\}\s*$/.exec(text) ?? [];
    if (mark === '#') {
      check(tagged, line, ['flag', 'list'], `it is always there: write {{${tagged}}}`);
      if (open) complain(line, `section "${tagged}" inside of section "${open.name}"`, 'sections do not nest');
      open = { name: tagged, line };
      nodes = [];
      top.push({ type: 'section', name: tagged, nodes });
    } else if (mark === '/') {
      if (open?.name !== tagged) complain(line, `"{{/${tagged}}}" closes nothing`, `open it with {{#${tagged}}}`);
      open = undefined;
      nodes = top;
    } else {
      for (const [index, part] of text.split(/\{\{([^{}]*)\}\}/).entries()) {
        if (index % 2 === 1) {
          const name = part.trim();
          if (/^[#/]/.test(name)) complain(line, `section "{{${name}}}" within a line`, 'give it a line of its own');
          else check(name, line, ['text', 'language', 'list'], `a flag is used as {{#${name}}} … {{/${name}}}`);
          nodes.push({ type: 'value', name });
        } else {
          if (/\{\{|\}\}/.test(part)) complain(line, 'stray braces', 'variables are written {{name}}');
          nodes.push({ type: 'text', text: part });
        }
      }
      nodes.push({ type: 'text', text: '\n' });
    }
  }
  if (open) complain(open.line, `section "${open.name}" is not closed`, `close it with {{/${open.name}}}`);
  for (const [name, { line }] of declared) {
    if (!used.has(name))
      complain(line, `variable "${name}" is not used`, `write {{${name}}} in the text, or remove it`);
  }
  const firstFilled = top.findIndex((node) => node.type !== 'text');
  const fixed = firstFilled < 0 ? top : top.slice(0, firstFilled);
  return {
    nodes: top,
    prefix: fixed
      .map((node) => (node.type === 'text' ? node.text : ''))
      .join('')
      .trimStart(),
  };
}

/**
 * Fills a template in. What is put in is not read again for variables, and cannot write the tags that mark who said
 * what. Throws RangeError that names a variable which is missing or of another type.
 */
export function renderTemplate(
  template: Template,
  types: ReadonlyMap<string, VariableType>,
  vars: Readonly<Record<string, unknown>>,
): string {
  const values = new Map<string, string | boolean>();
  for (const [name, type] of types) values.set(name, valueText(name, type, vars[name]));
  const write = (nodes: readonly Node[]): string =>
    nodes
      .map((node) => {
        if (node.type === 'text') return node.text;
        if (node.type === 'section') return values.get(node.name) ? write(node.nodes) : '';
        return values.get(node.name) ?? '';
      })
      .join('');
  return write(template.nodes).trim();
}

function valueText(name: string, type: VariableType, value: unknown): string | boolean {
  if (value === undefined) throw new RangeError(`variable "${name}" is missing`);
  switch (type) {
    case 'flag':
      if (typeof value === 'boolean') return value;
      break;
    case 'list':
      if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
        return value.map((item: string) => `- ${withoutSpeakerTags(item).replace(/\s+/g, ' ').trim()}`).join('\n');
      }
      break;
    case 'language':
      if (typeof value === 'string' && isLanguageTag(value)) return languageName(value);
      break;
    case 'text':
      if (typeof value === 'string') return withoutSpeakerTags(value).trim();
  }
  throw new RangeError(`variable "${name}" is not a ${type}`);
}

function isLanguageTag(value: string): boolean {
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}
