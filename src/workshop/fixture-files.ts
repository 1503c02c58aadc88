import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Document, isNode, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { type Fixture, fixtureSchema } from './fixture.ts';

/** A fixture file is a page, not a book. */
const MAX_FILE_BYTES = 256 * 1024;

/** A fixture that cannot be used. The message lists every fault as `file:line: what (hint)`. */
export class FixtureError extends Error {
  override readonly name = 'FixtureError';
}

/**
 * Reads one fixture file, or every `.yaml` / `.yml` of a directory in order of name.
 * @throws FixtureError with file, line and hint of everything that is wrong.
 */
export function loadFixtures(pathOrDirectory: string): Fixture[] {
  const files = fixtureFiles(pathOrDirectory);
  const faults: string[] = [];
  const fixtures = files.flatMap((file) => {
    const read = readFixture(file);
    if (Array.isArray(read)) faults.push(...read);
    return Array.isArray(read) ? [] : [read];
  });
  if (faults.length > 0) throw new FixtureError(faults.join('\n'));
  return fixtures;
}

/** Aliases multiply what they stand for: a fixture needs few. */
const MAX_ALIASES = 20;

/** More files than any directory of fixtures has. */
const MAX_FILES = 5_000;

/**
 * The fixture files under a path, in order of name.
 * @throws FixtureError when there are none, or too many.
 */
export function fixtureFiles(path: string): string[] {
  let isDirectory: boolean;
  try {
    isDirectory = statSync(path).isDirectory();
  } catch {
    throw new FixtureError(`${path}: no such file or directory`);
  }
  if (!isDirectory) return [path];
  const files = readdirSync(path)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(path, name));
  if (files.length === 0) throw new FixtureError(`${path}: no .yaml files in it`);
  if (files.length > MAX_FILES) throw new FixtureError(`${path}: more than ${MAX_FILES} files`);
  return files;
}

function readFixture(file: string): Fixture | string[] {
  if (statSync(file).size > MAX_FILE_BYTES) return [`${file}: larger than ${MAX_FILE_BYTES} bytes`];
  const lines = new LineCounter();
  let document: Document;
  try {
    document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines, prettyErrors: false });
  } catch (error) {
    if (error instanceof RangeError) return [`${file}:1: nested too deeply`];
    throw error;
  }
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    return document.errors.map((error) => `${file}:${lineAt(error.pos[0])}: ${error.message}`);
  }
  const lineOf = (path: readonly PropertyKey[]): number => {
    // The nearest part of the path that is in the file.
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lineAt(node.range[0]);
    }
    return 1;
  };
  let plain: unknown;
  try {
    plain = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    if (error instanceof ReferenceError) {
      const what = /^Excessive/.test(error.message) ? 'too many aliases' : error.message;
      return [`${file}:${lineAt(firstAlias(document))}: ${what}`];
    }
    if (error instanceof RangeError) return [`${file}:1: nested too deeply`];
    throw error;
  }
  const read = fixtureSchema.safeParse(plain);
  if (!read.success) {
    return read.error.issues.flatMap(innermost).map(({ path, message }) => {
      const where = path.length === 0 ? '' : `${path.map(String).join('.')}: `;
      return `${file}:${lineOf(path)}: ${where}${message}`;
    });
  }
  const named = basename(file).replace(/\.ya?ml$/, '');
  if (read.data.name !== named) {
    return [`${file}:${lineOf(['name'])}: name: must be the name of the file, "${named}"`];
  }
  return read.data;
}

/** Where the first alias of a document is. */
function firstAlias(document: Document): number {
  let offset = 0;
  visit(document, {
    Alias(_key, { range }) {
      offset = range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

type Issue = z.core.$ZodIssue;

/** For a union: the faults of the form that was most likely meant, the one with the fewest. */
function innermost(issue: Issue): { readonly path: PropertyKey[]; readonly message: string }[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) {
    return [{ path: issue.path, message: withHint(issue) }];
  }
  const faults = (issues: readonly Issue[]): number =>
    issues.reduce((sum, inner) => sum + (inner.code === 'unrecognized_keys' ? inner.keys.length : 1), 0);
  const meant = [...issue.errors].sort((a, b) => faults(a) - faults(b))[0] ?? [];
  return meant.flatMap((inner) => innermost({ ...inner, path: [...issue.path, ...inner.path] }));
}

function withHint(issue: Issue): string {
  if (issue.code === 'unrecognized_keys')
    return `unknown key ${issue.keys.join(', ')} (is it spelt or indented wrongly?)`;
  if (issue.code === 'invalid_value') return `${issue.message} (allowed: ${issue.values.map(String).join(', ')})`;
  return issue.message;
}
