import type { z } from 'zod';
import { branches, fieldAt, homesOf, type JsonSchema, keysOf, type Path } from './json-schema.ts';
import { looksLikeSecret, secretKeyHint } from './secret-text.ts';
import { suggest } from './suggest.ts';

/** A problem of a value, before its place in the file is known. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Says what is wrong in words for the person who wrote the file. One issue of zod may hold several problems. */
export function explainIssue(issue: z.core.$ZodIssue, root: unknown, schema: JsonSchema, base: Path = []): Finding[] {
  const path = [...base, ...issue.path];
  const field = fieldAt(schema, path);
  const value = valueAt(root, path);
  const got = `got ${describe(value)}`;
  const finding = (message: string, hint?: string): Finding[] => [{ path, message, hint: hint ?? field?.description }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...path, key], key, field, schema));
    case 'invalid_key':
      return finding(`${issue.issues[0]?.message ?? 'invalid name'}, got ${describe(path.at(-1))}`);
    case 'invalid_union': {
      if (issue.discriminator !== undefined) {
        const options = (field ? branchConsts(schema, path) : []).map(String);
        const hint = typeof value === 'string' ? suggest(value, options) : undefined;
        return [{ path, message: expectation(`one of ${options.join(', ')}`, value), hint }];
      }
      // The branch that takes this kind of value knows best what is wrong inside it.
      const nested = issue.errors.find((errors) =>
        errors.every((error) => error.path.length > 0 || error.code !== 'invalid_type'),
      );
      if (nested !== undefined && !issue.message.startsWith('expected'))
        return nested.flatMap((error) => explainIssue(error, root, schema, path));
      return finding(`${issue.message.startsWith('expected') ? issue.message : 'expected text or a map'}, ${got}`);
    }
    case 'invalid_value': {
      const known = issue.values.map(String);
      return finding(
        expectation(`one of ${known.join(', ')}`, value),
        typeof value === 'string' ? suggest(value, known) : undefined,
      );
    }
    case 'invalid_type':
      return finding(expectation(expected(field) ?? TYPES[issue.expected] ?? issue.expected, value));
    case 'too_small':
    case 'too_big':
      return finding(outOfBounds(issue, field, value));
    default:
      return finding(`${issue.message}, ${got}`);
  }
}

function unknownKey(path: Path, key: string, parent: JsonSchema | undefined, schema: JsonSchema): Finding {
  const known = keysOf(parent);
  const home = homesOf(schema, key).find((place) => place !== '');
  const hint =
    secretKeyHint(key) ??
    suggest(key, known) ??
    (home === undefined ? `fields here are: ${known.join(', ')}` : `it belongs under "${home}"`);
  return { path, message: 'unknown field', hint };
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

function expected(field: JsonSchema | undefined): string | undefined {
  // A field that may also be null is a choice of the real type and null.
  const shape = field?.type === undefined ? field?.anyOf?.[0] : field;
  if (shape?.type === undefined) return undefined;
  if (shape.enum !== undefined) return `one of ${shape.enum.join(', ')}`;
  const { minimum, maximum } = shape;
  return `${TYPES[shape.type] ?? shape.type}${minimum !== undefined && maximum !== undefined ? ` from ${minimum} to ${maximum}` : ''}`;
}

function expectation(what: string, value: unknown): string {
  return value === undefined ? `missing; expected ${what}` : `expected ${what}, got ${describe(value)}`;
}

function outOfBounds(
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  field: JsonSchema | undefined,
  value: unknown,
): string {
  const bound = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  if (issue.origin === 'string' && typeof value === 'string')
    return `expected ${bound} characters, got ${value.length}`;
  if (Array.isArray(value)) return `expected ${bound} entries, got ${value.length}`;
  return expectation(expected(field) ?? bound, value);
}

function branchConsts(schema: JsonSchema, path: Path): unknown[] {
  const parent = fieldAt(schema, path.slice(0, -1));
  const key = String(path.at(-1));
  return parent === undefined ? [] : branches(parent).flatMap((branch) => branch.properties?.[key]?.const ?? []);
}

/** A value in a few words. Anything like a secret is not shown. */
function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value !== 'string') return String(value);
  if (looksLikeSecret(value)) return 'what looks like a secret';
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}

function valueAt(root: unknown, path: Path): unknown {
  let here = root;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<PropertyKey, unknown>)[key];
  }
  return here;
}
