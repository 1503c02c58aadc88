import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { configTemplate } from '../config/template.ts';
import { CliError, EXIT } from './errors.ts';

/** `hangup-guard init [DIR]`: writes a commented guard.yaml and says what comes next. */
export function initCommand(): Command {
  return new Command('init')
    .description('write a commented guard.yaml')
    .argument('[dir]', 'directory to write it to', '.')
    .option('-f, --force', 'replace a guard.yaml that is there')
    .addHelpText('after', '\nExamples:\n  hangup-guard init\n  hangup-guard init /etc/hangup-guard')
    .action((dir: string, options: { force?: boolean }) => {
      const file = writeTemplate(dir, options.force === true);
      process.stdout.write(nextSteps(file));
    });
}

/** Writes the file; throws CliError when there is one already and `force` is not given. */
function writeTemplate(dir: string, force: boolean): string {
  const file = join(dir, 'guard.yaml');
  try {
    mkdirSync(dir, { recursive: true });
    // `wx` refuses to overwrite in one step: nobody can put a file there in between.
    writeFileSync(file, configTemplate(), { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new CliError(`${file} is there already`, 'use --force to replace it', EXIT.usage);
    }
    throw error;
  }
  return file;
}

function nextSteps(file: string): string {
  return [
    `wrote ${file}: every field as a comment, with its default`,
    'next:',
    `  1. hangup-guard serve --config ${file}`,
    '     with a key in the environment, as in export HANGUP_GUARD_KEY=$(openssl rand -hex 24);',
    '     without one only this machine can call',
    '  2. give the voice platform wss://YOUR-HOST/llm-websocket/default/KEY as its custom-LLM URL',
    '',
  ].join('\n');
}
