import { join } from 'node:path';
import type { Command } from 'commander';
import { printable, printableJson } from '../records/printable.ts';
import { checkText } from '../workshop/fixtures/check-text.ts';
import { ImportError } from '../workshop/fixtures/draft.ts';
import { fixtureYaml } from '../workshop/fixtures/fixture-yaml.ts';
import { importName } from '../workshop/fixtures/import-name.ts';
import { scrubFixture } from '../workshop/fixtures/scrub.ts';
import { CliError, EXIT } from './errors.ts';
import { findingText } from './fixtures-check.ts';
import type { ImportFlags } from './fixtures-import-flags.ts';
import { writeFixture } from './fixtures-new.ts';
import { print } from './fixtures-paths.ts';
import { previewText } from './fixtures-preview.ts';
import type { ImportSource } from './fixtures-sources.ts';
import type { Terminal } from './fixtures-terminal.ts';

/** Scrubs a call, shows it, and writes it when a person says so. Nothing is written otherwise. */
export async function confirmFixture(
  source: ImportSource,
  flags: ImportFlags,
  person: Terminal,
  command: Command,
): Promise<void> {
  const asks = person.isTty && flags.json !== true && flags.dryRun !== true && flags.confirmed !== true;
  const decision = flags.expect ?? (asks ? await rightDecision(source, person) : undefined);
  if (decision === undefined && source.doubtful && flags.confirmed === true && flags.dryRun !== true) {
    throw new CliError(
      `what is expected is not certain: ${source.story}`,
      'say what was right: --expect hang_up, or --expect none for a person who must not be cut off',
      EXIT.usage,
    );
  }
  const name = flags.name ?? importName(source.id);
  const { draft, notes } = source.make({
    name,
    ...(flags.kind === undefined ? {} : { kind: flags.kind }),
    ...(flags.language === undefined ? {} : { language: flags.language }),
    ...(decision === undefined ? {} : { decision }),
  });
  const scrubbed = scrubbing(() => scrubFixture(draft, { seed: source.id, replace: flags.replace }));
  let text = fixtureYaml(scrubbed.draft);
  let findings = checkText(name, text);
  const file = join(flags.dir, `${name}.yaml`);
  const write = (): string => {
    if (findings.some(({ severity }) => severity === 'error')) {
      throw new CliError('a fixture with errors is not written', 'mend it with e, --replace, --kind or --language');
    }
    return writeFixture(flags.dir, name, text);
  };

  if (flags.json === true) {
    const written = flags.dryRun !== true && flags.confirmed === true ? write() : null;
    // Originals stay out: what is piped is kept somewhere.
    const replacements = scrubbed.replacements.map(({ kind, where, to }) => ({ kind, where, to }));
    print(command, printableJson({ name, file: written, notes, replacements, findings, yaml: text }, 2));
  } else {
    print(command, previewText(scrubbed, [`recorded: ${source.story}`, ...notes], person.isTty));
    for (const finding of findings) print(command, findingText(finding));
  }
  if (flags.dryRun === true) return;
  if (flags.confirmed !== true && !asks) {
    const hint = 'read what is printed above; --confirmed says that you have, and writes it';
    throw new CliError('nothing is written without a person who confirms it', hint, EXIT.usage);
  }
  if (flags.confirmed === true) {
    if (flags.json !== true) print(command, `wrote ${printable(write())}`);
    return;
  }
  for (;;) {
    const question = `Write ${printable(file)}? It must hold nothing of a real person. [y/N/e] `;
    const answer = (await person.ask(question)).trim().toLowerCase();
    if (answer === 'e' || answer === 'edit') {
      text = person.edit(text);
      findings = checkText(name, text);
      for (const finding of findings) print(command, findingText(finding));
      if (findings.length === 0) print(command, 'No fault in it.');
    } else if (answer === 'y' || answer === 'yes') {
      print(command, `wrote ${printable(write())}`);
      return;
    } else {
      print(command, 'Nothing was written.');
      return;
    }
  }
}

/** A hang-up that was recorded is no proof that it was right. */
async function rightDecision(source: ImportSource, person: Terminal): Promise<'hang_up' | 'none'> {
  const answer = await person.ask(`${source.story}. Is it right to hang up on this caller? [y/N] `);
  return /^y(es)?$/i.test(answer.trim()) ? 'hang_up' : 'none';
}

function scrubbing<T>(scrub: () => T): T {
  try {
    return scrub();
  } catch (error) {
    if (error instanceof ImportError) throw new CliError(`cannot be imported: ${error.message}`);
    throw error;
  }
}
