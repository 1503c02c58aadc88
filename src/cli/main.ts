#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { packagePromptsDir } from '../prompts.ts';
import { loadProbeTexts } from '../workshop/player/probe-texts.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { evalCommand } from './eval.ts';
import { fakeModelCommand } from './fake-model.ts';
import { fixturesCommand } from './fixtures.ts';
import { initCommand } from './init.ts';
import { logCommand } from './log.ts';
import { playCommand } from './play.ts';
import { type CliCommand, runCli } from './program.ts';
import { promptsCommand } from './prompts.ts';
import { replayCommand } from './replay.ts';
import { rescoreCommand } from './rescore.ts';
import { schemaCommand } from './schema.ts';
import { serveCommand } from './serve.ts';
import { tryCommand } from './try.ts';

const fixturesDirectory = fileURLToPath(new URL('../../fixtures', import.meta.url));
const probeTexts = () => loadProbeTexts(`${packagePromptsDir}/probes`);

/** Every command: one file beside this one, and one line here. */
const COMMANDS: readonly CliCommand[] = [
  { make: () => demoCommand({ fixturesDirectory, probeTexts }) },
  { make: initCommand },
  { make: serveCommand },
  { make: doctorCommand },
  { make: () => playCommand({ probeTexts, fixturesDirectory }) },
  { make: () => evalCommand({ fixturesDirectory }) },
  { make: () => tryCommand({ probeTexts }) },
  { make: () => fixturesCommand({ fixturesDirectory }) },
  { make: fakeModelCommand },
  { make: logCommand },
  { make: replayCommand },
  { make: rescoreCommand },
  { make: promptsCommand },
  { make: schemaCommand },
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
