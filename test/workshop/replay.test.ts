import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { reportOf } from '../../src/guard/report.ts';
import { startCall } from '../../src/guard/state.ts';
import { createStep } from '../../src/guard/step.ts';
import { loadPrompts, packagePromptsDir } from '../../src/prompts.ts';
import { readEventLog } from '../../src/records/event-log.ts';
import { policyOf } from '../../src/server/policy-of.ts';
import { loadWeights } from '../../src/weights-file.ts';
import { fixtureScenario } from '../../src/workshop/fixture.ts';
import { loadFixtures } from '../../src/workshop/fixture-files.ts';
import { localGuard } from '../../src/workshop/in-process-guard.ts';
import { connectInProcess } from '../../src/workshop/player/connect-in-process.ts';
import { playCall } from '../../src/workshop/player/play-call.ts';
import { loadProbeTexts } from '../../src/workshop/player/probe-texts.ts';
import { VirtualClock } from '../../src/workshop/player/virtual-clock.ts';

const probeTexts = loadProbeTexts(join(packagePromptsDir, 'probes'));
const policy = policyOf(parseConfig('mode: enforce\n', 'built-in'), 'default', {
  weights: loadWeights().weights,
  prompts: loadPrompts(),
  now: 0,
  canStop: false,
});
const fixtures = loadFixtures(join(import.meta.dirname, '../../fixtures'));

describe('the event log of a record leads to the same verdict again', () => {
  it.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('%s', async (_name, fixture) => {
    const scenario = fixtureScenario(fixture);
    const clock = new VirtualClock();
    const guard = await localGuard(clock);
    if (scenario.from) guard.remember(scenario.from, scenario.before);
    const result = await clock.run(
      playCall(scenario, { connect: connectInProcess(guard.connect), clock, seed: 'replay', probeTexts }),
    );
    await clock.run();
    const record = await guard.record(result?.callId ?? '');
    if (!record) throw new Error('no record');
    if (record.noText) {
      expect(record.events).toBeUndefined();
      return;
    }
    const step = createStep(policy);
    let state = startCall(policy, { callId: record.callId, agent: record.agent, platform: record.platform });
    for (const event of readEventLog(record.events ?? '')) state = step(state, event).state;
    const again = reportOf(state);
    for (const key of [
      'decision',
      'category',
      'points',
      'callMs',
      'decidedTurn',
      'decidedCallMs',
      'reason',
      'turns',
    ] as const) {
      expect(again[key], key).toEqual(record[key]);
    }
    expect(again.evidence).toEqual(record.evidence);
    expect(again.rungs).toEqual(record.rungs);
    expect(again.probes).toEqual(record.probes);
  });
});
