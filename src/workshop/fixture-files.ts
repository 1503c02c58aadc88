import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isNode, LineCounter, parseDocument } from 'yaml';
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
  const files = listFiles(pathOrDirectory);
  const faults: string[] = [];
  const fixtures = files.flatMap((file) => {
    const read = readFixture(file);
    if (Array.isArray(read)) faults.push(...read);
    return Array.isArray(read) ? [] : [read];
  });
  if (faults.length > 0) throw new FixtureError(faults.join('\n'));
  return fixtures;
}

function listFiles(path: string): string[] {
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
  return files;
}

function readFixture(file: string): Fixture | string[] {
  if (statSync(file).size > MAX_FILE_BYTES) return [`${file}: larger than ${MAX_FILE_BYTES} bytes`];
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines, prettyErrors: false });
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
  const read = fixtureSchema.safeParse(document.toJS({ maxAliasCount: 20 }));
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
