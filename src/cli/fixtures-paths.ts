import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { FixtureError } from '../workshop/fixture-files.ts';
import { CliError, EXIT } from './errors.ts';

/** Where fixtures of a project are. */
export const FIXTURES_DIR = 'fixtures';

/** The paths that were given, else ./fixtures, else those of the package. */
export function fixturePaths(given: readonly string[], packaged: string): readonly string[] {
  if (given.length > 0) return given;
  return [existsSync(FIXTURES_DIR) ? FIXTURES_DIR : packaged];
}

/** Runs `read`; a path that cannot be used is wrong usage. */
export function readingPaths<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FixtureError)) throw error;
    throw new CliError(error.message, 'name files or directories with .yaml files', EXIT.usage);
  }
}

/** Prints where the program prints, with a line end. */
export function print(command: Command, text: string): void {
  command.configureOutput().writeOut?.(text.endsWith('\n') ? text : `${text}\n`);
}

/** Prints where the program puts its errors and notes. */
export function note(command: Command, text: string): void {
  command.configureOutput().writeErr?.(text.endsWith('\n') ? text : `${text}\n`);
}
