import { join } from 'node:path';
import type { Config } from '../../../src/config.ts';
import { loadPrompts, packagePromptsDir } from '../../../src/prompts.ts';
import type { CallRecord } from '../../../src/records/record.ts';
import { loadWeights } from '../../../src/weights-file.ts';
import { fixtureScenario } from '../../../src/workshop/fixture.ts';
import { loadFixtures } from '../../../src/workshop/fixture-files.ts';
import { playHere } from '../../../src/workshop/play-here.ts';
import { withNumbers } from '../../../src/workshop/player/call-facts.ts';
import { loadProbeTexts } from '../../../src/workshop/player/probe-texts.ts';
import type { Scenario } from '../../../src/workshop/player/scenario.ts';
import type { ReplayParts } from '../../../src/workshop/replay/replay-policies.ts';

const probeTexts = loadProbeTexts(join(packagePromptsDir, 'probes'));

export const SCENARIOS = withNumbers(
  loadFixtures(join(import.meta.dirname, '../../../fixtures')).map(fixtureScenario),
  'recorded',
);

export { enforcing } from '../../../src/workshop/in-process-guard.ts';

export const partsOf = (config: Config): ReplayParts => ({
  config,
  weights: loadWeights(config.weights_file),
  prompts: loadPrompts(config.prompts_dir),
});

/** Tapes that nothing stops would go on for half an hour. */
const MAX_CALL_MS = 5 * 60_000;

/** Plays scenarios; the record of each by the name of its fixture. */
export async function recordsOf(scenarios: readonly Scenario[], config: Config): Promise<Map<string, CallRecord>> {
  const options = { seed: 'recorded', probeTexts, concurrency: 50, maxCallMs: MAX_CALL_MS, guard: { config } };
  const played = await playHere(scenarios, options);
  return new Map(
    played.map(({ scenario, record }) => {
      if (record === null) throw new Error(`no record of ${scenario.id}`);
      return [scenario.id, record];
    }),
  );
}
