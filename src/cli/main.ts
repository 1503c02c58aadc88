#!/usr/bin/env node
import { initCommand } from './init.ts';
import { logCommand } from './log.ts';
import { type CliCommand, runCli } from './program.ts';
import { schemaCommand } from './schema.ts';

/** Every command: one file beside this one, and one line here. */
const COMMANDS: readonly CliCommand[] = [
  { make: initCommand },
  { make: logCommand },
  { make: schemaCommand, hidden: true },
];

// `hangup-guard log list | head` closes the pipe early: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

const exitCode = await runCli(COMMANDS, process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
// A command may have set a code of its own; only a failure here replaces it.
if (exitCode !== 0) process.exitCode = exitCode;
