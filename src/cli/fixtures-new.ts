import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { CATEGORIES, type Category, type Direction } from '../guard/types.ts';
import { printable, printableJson } from '../records/printable.ts';
import { fixtureTemplate } from '../workshop/fixtures/template.ts';
import type { CallerKind } from '../workshop/player/scenario.ts';
import { CliError, EXIT } from './errors.ts';
import { DIRECTIONS, KINDS } from './fixtures-list.ts';
import { FIXTURES_DIR, print } from './fixtures-paths.ts';

interface NewFlags {
  readonly kind: CallerKind;
  readonly language: string;
  readonly direction: Direction;
  readonly category?: Category;
  readonly dir: string;
  readonly json?: boolean;
}

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const LANGUAGE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;
const LONGEST_NAME = 100;

/** `fixtures new NAME`: writes a commented file to be filled in; never over another. */
export function fixturesNewCommand(): Command {
  return new Command('new')
    .description('write a commented fixture to fill in')
    .argument('<name>', 'name of the fixture and its file, in kebab-case')
    .addOption(new Option('--kind <kind>', 'kind of caller').choices(KINDS).default('person'))
    .option('--language <tag>', 'language of the caller', 'en')
    .addOption(new Option('--direction <direction>', 'who placed the call').choices(DIRECTIONS).default('inbound'))
    .addOption(new Option('--category <category>', 'hung up on, with this category').choices(CATEGORIES))
    .option('--dir <dir>', 'directory to write it to', FIXTURES_DIR)
    .option('--json', 'print what was written as JSON')
    .addHelpText(
      'after',
      `
Examples:
  hangup-guard fixtures new person-lost-parcel --language es
  hangup-guard fixtures new robocall-solar-panels --kind recording --category recorded_message
`,
    )
    .action((name: string, { dir, json, ...options }: NewFlags, command: Command) => {
      checkName(name);
      if (!LANGUAGE.test(options.language)) {
        throw new CliError('--language: no language tag', 'such as es, es-MX or zh-Hant', EXIT.usage);
      }
      const file = writeFixture(dir, name, fixtureTemplate({ name, ...options }));
      if (json === true) print(command, printableJson({ file, name }));
      else
        print(
          command,
          `wrote ${printable(file)}\nnext: fill it in, then: hangup-guard fixtures check ${printable(file)}`,
        );
    });
}

/** @throws CliError when `name` cannot be the name of a fixture: it becomes part of a path. */
export function checkName(name: string): void {
  if (NAME.test(name) && name.length <= LONGEST_NAME) return;
  const hint = 'small letters and digits joined by hyphens, such as person-lost-parcel';
  throw new CliError(`"${printable(name, 60)}" cannot name a fixture`, hint, EXIT.usage);
}

/** Writes a new fixture file and answers its path. @throws CliError when there is one already. */
export function writeFixture(dir: string, name: string, text: string): string {
  const file = join(dir, `${name}.yaml`);
  try {
    mkdirSync(dir, { recursive: true });
    // `wx` refuses to overwrite in one step: nobody can put a file there in between.
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new CliError(`${printable(file)} is there already`, 'choose another name, or remove it first', EXIT.usage);
    }
    throw error;
  }
  return file;
}
