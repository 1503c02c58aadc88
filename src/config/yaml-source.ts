import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { fieldAt, type JsonSchema, type Path } from './json-schema.ts';
import type { Problem } from './problem.ts';

/** A YAML file that remembers where everything stood. */
export interface YamlSource {
  /** The content as plain data, ready for the schema. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** False when the file cannot be read as YAML at all; `value` means nothing then. */
  readonly usable: boolean;
  /** Line and column (from 1) of the key or list entry at `path`, or of the nearest one above it. */
  locate(path: Path): { readonly line: number; readonly column: number };
}

const HINTS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'the same key stands above; remove one of them',
  TAB_AS_INDENT: 'indent with spaces',
  MULTIPLE_DOCS: 'one document a file: remove the "---"',
};

/** Reads YAML 1.2. `schema` tells which empty keys (`listen:` with nothing below) mean the default. */
export function readYaml(text: string, file: string, schema: JsonSchema): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = [...document.errors, ...document.warnings].map(({ code, message, pos }): Problem => {
    const hint = HINTS[code];
    return { file, ...place(pos[0]), message: firstLine(message), ...(hint === undefined ? {} : { hint }) };
  });
  // A number such as +15551234567 without quotes is an integer to YAML; what was written is meant.
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'number' && node.source?.startsWith('+')) node.value = node.source;
    },
  });
  let usable = document.errors.every((error) => error.code === 'DUPLICATE_KEY');
  let value: unknown;
  try {
    value = usable ? withoutEmpty(document.toJS({ maxAliasCount: 100 }), schema, []) : undefined;
  } catch (error) {
    usable = false;
    problems.push({
      file,
      line: 1,
      column: 1,
      message: error instanceof Error ? firstLine(error.message) : 'unreadable',
    });
  }
  return {
    value,
    problems,
    usable,
    locate: (path) =>
      place(offsetOf(document.contents, path, (node) => (isAlias(node) ? node.resolve(document) : node))),
  };
}

function offsetOf(contents: Node | null, path: Path, follow: (node: unknown) => unknown): number {
  let offset = contents?.range?.[0] ?? 0;
  let here: unknown = contents;
  for (const key of path) {
    here = follow(here);
    if (isMap(here)) {
      const pair = here.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair || !isScalar(pair.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      here = pair.value;
    } else if (isSeq(here)) {
      here = here.items[Number(key)];
      offset = rangeStart(here) ?? offset;
    } else break;
  }
  return offset;
}

function rangeStart(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}

/** An empty key of the schema means its default; an empty agent is an agent with defaults. Anything else stays as it is. */
function withoutEmpty(value: unknown, schema: JsonSchema, path: Path): unknown {
  if (value === null && path.length === 0) return {};
  if (Array.isArray(value)) return value.map((item, index) => withoutEmpty(item, schema, [...path, index]));
  if (typeof value !== 'object' || value === null) return value;
  const parent = fieldAt(schema, path);
  const kept: [string, unknown][] = [];
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== null) kept.push([key, withoutEmpty(inner, schema, [...path, key])]);
    else if (fieldAt(schema, [...path, key])?.type === 'object' && !hasField(parent, key)) kept.push([key, {}]);
    else if (!hasField(parent, key)) kept.push([key, null]);
  }
  return Object.fromEntries(kept);
}

function hasField(schema: JsonSchema | undefined, key: string): boolean {
  return schema?.properties !== undefined && Object.hasOwn(schema.properties, key);
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
