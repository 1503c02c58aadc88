import { Command } from 'commander';
import { schemaFileText } from '../config/json-schema.ts';
import { fixtureJsonSchema } from '../workshop/fixture.ts';

/**
 * `hangup-guard schema`: prints the JSON Schema of guard.yaml, from which `schema/guard.schema.json` is made, or of
 * fixtures.
 */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of guard.yaml')
    .option('--fixture', 'of fixture files instead')
    .addHelpText(
      'after',
      `
Examples:
  hangup-guard schema > guard.schema.json              for the yaml-language-server of an editor
  hangup-guard schema --fixture > fixture.schema.json
`,
    )
    .action(({ fixture }: { fixture?: boolean }) => {
      process.stdout.write(fixture ? `${JSON.stringify(fixtureJsonSchema(), null, 2)}\n` : schemaFileText());
    });
}
