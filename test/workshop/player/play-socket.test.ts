import { join } from 'node:path';
import { expect, it } from 'vitest';
import { playCommand } from '../../../src/cli/play.ts';
import { packagePromptsDir } from '../../../src/prompts.ts';
import { loadProbeTexts } from '../../../src/workshop/player/probe-texts.ts';

const FIXTURE = join(import.meta.dirname, '../../../fixtures/robocall-prize-draw.yaml');

/** What `play` prints for one fixture. */
async function printed(...flags: string[]): Promise<string> {
  let text = '';
  const command = playCommand({
    probeTexts: () => loadProbeTexts(join(packagePromptsDir, 'probes')),
    fixturesDirectory: '',
    stdout: { write: (part: string) => (text += part) },
    setExitCode: (code) => expect(code).toBe(0),
  });
  await command.parseAsync([FIXTURE, '--json', ...flags], { from: 'user' });
  return text;
}

it('play --socket prints what play prints, and is not for --url', async () => {
  expect(await printed('--socket')).toBe(await printed());
  await expect(printed('--socket', '--url', 'ws://127.0.0.1:1/')).rejects.toMatchObject({ exitCode: 2 });
});
