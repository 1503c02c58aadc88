import Table from 'cli-table3';
import { Command, Option } from 'commander';
import pc from 'picocolors';
import { CATEGORIES, type Direction } from '../guard/types.ts';
import { printable, printableJson } from '../records/printable.ts';
import type { Fixture } from '../workshop/fixture.ts';
import { checkFixtures } from '../workshop/fixtures/check.ts';
import {
  categoriesOf,
  count,
  type FixtureFilter,
  type FixtureTotals,
  filterFixtures,
  fixtureTotals,
  totalsLine,
} from '../workshop/fixtures/list.ts';
import { fixturePaths, note, print, readingPaths } from './fixtures-paths.ts';

export const KINDS = ['recording', 'person', 'silent'] as const;
export const DIRECTIONS: readonly Direction[] = ['inbound', 'outbound', 'web'];

interface ListFlags extends FixtureFilter {
  readonly json?: boolean;
}

/** `fixtures list`: one line a fixture, and totals. Files that cannot be read are left out and said so. */
export function fixturesListCommand(deps: { readonly fixturesDirectory: string }): Command {
  return new Command('list')
    .description('show which fixtures there are')
    .argument('[paths...]', 'files and directories (default: ./fixtures where there is one, else those of the package)')
    .addOption(new Option('--kind <kind>', 'only this kind of caller').choices(KINDS))
    .option('--language <tag>', 'only this language, such as es')
    .addOption(new Option('--category <category>', 'only this expected category').choices(CATEGORIES))
    .addOption(new Option('--direction <direction>', 'only these calls').choices(DIRECTIONS))
    .option('--tag <tag>', 'only fixtures with this tag')
    .addOption(new Option('--decision <decision>', 'only this expected decision').choices(['hang_up', 'none']))
    .option('--json', 'print fixtures and totals as JSON')
    .addHelpText(
      'after',
      `
Examples:
  hangup-guard fixtures list
  hangup-guard fixtures list --kind person --language es
  hangup-guard fixtures list --decision hang_up --category voicemail
  hangup-guard fixtures list --tag blind --json | jq -r .fixtures[].name
`,
    )
    .action((paths: string[], { json, ...filter }: ListFlags, command: Command) => {
      const { files, findings } = readingPaths(() => checkFixtures(fixturePaths(paths, deps.fixturesDirectory)));
      const broken = new Set(findings.map(({ file }) => file));
      for (const { file } of files) broken.delete(file);
      if (broken.size > 0) note(command, `warning: ${count(broken.size, 'file')} cannot be read: see "fixtures check"`);
      const chosen = filterFixtures(
        files.map(({ fixture }) => fixture),
        filter,
      );
      const totals = fixtureTotals(chosen);
      if (json === true) print(command, printableJson({ totals, fixtures: chosen.map(asData) }, 2));
      else print(command, chosen.length === 0 ? 'No fixtures match.' : `${tableOf(chosen)}\n${totalsText(totals)}`);
    });
}

const asData = (fixture: Fixture) => ({
  name: fixture.name,
  description: fixture.description,
  kind: fixture.kind,
  language: fixture.language,
  direction: fixture.call.direction,
  decision: fixture.expect.decision,
  categories: categoriesOf(fixture),
  tags: fixture.tags,
  ...(fixture.knownMiss === undefined ? {} : { knownMiss: fixture.knownMiss }),
});

function tableOf(fixtures: readonly Fixture[]): string {
  const head = ['name', 'kind', 'language', 'direction', 'expected', 'tags'];
  const table = new Table({
    head: head.map((name) => pc.bold(name)),
    style: { head: [], border: [], compact: true },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const fixture of fixtures) {
    const categories = categoriesOf(fixture).join(' | ');
    const expected = fixture.expect.decision === 'none' ? 'none' : pc.red('hang_up');
    const { name, kind, language, tags } = fixture;
    table.push([
      printable(name, 60),
      kind,
      printable(language, 20),
      fixture.call.direction,
      categories === '' ? expected : `${expected} ${categories}`,
      printable([...(fixture.knownMiss === undefined ? [] : ['(known miss)']), ...tags].join(' '), 60),
    ]);
  }
  return table.toString();
}

function totalsText(totals: FixtureTotals): string {
  const { fixtures, notHungUp, suspicious, knownMisses } = totals;
  const share = (part: number) => `${part} of ${fixtures} (${Math.round((100 * part) / fixtures)}%)`;
  const byCategory = Object.entries(totals.categories).sort(([, a], [, b]) => b - a);
  return [
    totalsLine(totals),
    `not to be hung up on: ${share(notHungUp)}; of these suspicious by their tags: ${share(suspicious)}`,
    ...(byCategory.length === 0 ? [] : [`categories: ${byCategory.map(([name, n]) => `${name} ${n}`).join(', ')}`]),
    `languages: ${printable(totals.languages.join(', '))}`,
    ...(knownMisses === 0 ? [] : [`known misses: ${knownMisses}`]),
  ].join('\n');
}
