import { Command } from 'commander';
import { schemaFileText } from '../config/json-schema.ts';

/** `hangup-guard schema`: prints the JSON Schema of guard.yaml, from which `schema/guard.schema.json` is made. */
export function schemaCommand(): Command {
  return new Command('schema').description('print the JSON Schema of guard.yaml').action(() => {
    process.stdout.write(schemaFileText());
  });
}
