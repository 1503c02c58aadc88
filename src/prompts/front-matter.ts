import { suggest } from '../config/suggest.ts';

/** Says what is wrong in a line, counted from 1, and what to do about it. */
export type Complain = (line: number, message: string, hint?: string) => void;

export interface FrontMatter {
  readonly fields: ReadonlyMap<string, { readonly value: string; readonly line: number }>;
  /** What stands indented below `variables:`, in order. A name that is there twice is complained of. */
  readonly variables: ReadonlyMap<string, { readonly value: string; readonly line: number }>;
  /** Index of the first line of the body. */
  readonly next: number;
}

const REQUIRED = ['name', 'version', 'purpose'] as const;

/** The lines of a prompt file, without its byte order mark. */
export function linesOf(content: string): string[] {
  return content.replace(/^\uFEFF/, '').split(/\r?\n/);
}

/**
 * Reads the `key: value` lines between the two `---` at the top of a prompt file. `name`, `version` and `purpose` must
 * be there; `optional` ones may. Below `variables` stand indented `name: type` lines.
 */
export function readFrontMatter(
  lines: readonly string[],
  complain: Complain,
  optional: readonly string[] = [],
): FrontMatter {
  const fields = new Map<string, { value: string; line: number }>();
  const variables = new Map<string, { value: string; line: number }>();
  const known = [...REQUIRED, ...optional];
  const end = lines[0]?.trim() === '---' ? lines.findIndex((line, at) => at > 0 && line.trim() === '---') : -1;
  if (end < 0) {
    complain(1, 'no front matter', 'start the file with "---", name, version and purpose, and "---"');
    return { fields, variables, next: 0 };
  }
  let section = '';
  for (let at = 1; at < end; at++) {
    const raw = lines[at] ?? '';
    const text = raw.trim();
    if (text === '') continue;
    const line = at + 1;
    const [, key = '', value = ''] = /^([\w-]+)\s*:\s*(.*)$/.exec(text) ?? [];
    const nested = section === 'variables' && /^\s/.test(raw);
    const into = nested ? variables : fields;
    if (key === '' || (!nested && !known.includes(key))) {
      const hint = suggest(key, known) ?? `fields are: ${known.join(', ')}`;
      complain(line, `unknown front matter "${text.slice(0, 40)}"`, hint);
    } else if (into.has(key)) complain(line, `"${key}" is there twice`);
    else into.set(key, { value, line });
    if (!nested) section = key;
  }
  for (const field of REQUIRED) if (!fields.get(field)?.value) complain(1, `front matter has no ${field}`);
  return { fields, variables, next: end + 1 };
}
