import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { ConfigError } from '../config/problem.ts';

const MAX_FILES = 500;
const MAX_FILE_BYTES = 256 * 1024;

/** One file of a prompts directory. */
export interface PromptSource {
  /** Path within its directory, such as `probes/es.md`. */
  readonly path: string;
  readonly content: string;
  /** As it is shown to people: from the working directory. */
  readonly shown: string;
  readonly from: 'package' | 'override';
}

/**
 * The prompt files of the package; a file below `overrideDir` replaces the one of the same path. Sorted by path.
 * Throws ConfigError for a directory that is none or holds too much.
 */
export function readPromptFiles(packageDir: string, overrideDir: string | undefined): PromptSource[] {
  const found = new Map<string, PromptSource>();
  const read = (directory: string, from: PromptSource['from']) => {
    for (const file of listPromptFiles(directory)) {
      const path = relative(directory, file).split(sep).join('/');
      const shown = relative(process.cwd(), file) || file;
      found.set(path, { path, content: readFileSync(file, 'utf8'), shown, from });
    }
  };
  read(packageDir, 'package');
  if (overrideDir !== undefined) read(overrideDir, 'override');
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function listPromptFiles(directory: string): string[] {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new ConfigError([
      {
        file: directory,
        message: 'no such directory',
        hint: 'it holds guard.md and probes/<language>.md, for example',
      },
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
