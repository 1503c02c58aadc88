import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config.ts';
import { casesOf, withoutRepeat } from '../../../src/workshop/eval/cases.ts';
import { chooseScenarios } from '../../../src/workshop/eval/choose.ts';
import type { EvalPlan } from '../../../src/workshop/eval/run.ts';
import { configOf, variantsOf } from '../../../src/workshop/eval/variants.ts';
import { madeRun } from './made-runs.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixtures');
const NAMES = ['silent-line', 'person-web-call', 'keypad-menu-energy'];
const planWith = (plan: Partial<EvalPlan>): EvalPlan =>
  madeRun('run', [], {}, { fixtures: NAMES.map((name) => join(FIXTURES, `${name}.yaml`)), seed: '1', ...plan }).run
    .plan;
const only = (more: Partial<EvalPlan['only']>) => ({ only: { ...planWith({}).only, ...more } });
const config = parseConfig(
  'agents:\n  dental: { mode: shadow }\n  default: {}\nresponders:\n  other: { type: scripted }\n',
  'test',
);
const cases = async (plan: EvalPlan) => casesOf(await chooseScenarios(plan), variantsOf(plan, config), plan);

describe('which calls', () => {
  it('names a call by set and fixture, and says variant and repeat where there are several', async () => {
    expect((await cases(planWith({}))).map(({ key }) => key)).toEqual(NAMES.map((name) => `fixtures/${name}`));
    const many = await cases(planWith({ ...only({ names: ['silent'] }), agents: ['default', 'dental'], repeats: 2 }));
    expect(many.map(({ key }) => key)).toEqual([
      'fixtures/silent-line@agent=default#1',
      'fixtures/silent-line@agent=default#2',
      'fixtures/silent-line@agent=dental#1',
      'fixtures/silent-line@agent=dental#2',
    ]);
    expect(many.map(({ seed, scenario }) => [seed, scenario.agent])).toEqual([
      ['1', 'default'],
      ['1/2', 'default'],
      ['1', 'dental'],
      ['1/2', 'dental'],
    ]);
    expect(withoutRepeat(many[1]?.key ?? '')).toBe('fixtures/silent-line@agent=default');
  });

  it('gives a call the same hash and number whichever others are in the run', async () => {
    const scenarios = (await chooseScenarios(planWith({}))).map(({ from: _from, ...rest }) => rest);
    const casesFor = (some: typeof scenarios) => casesOf(some, variantsOf(planWith({}), config), planWith({}));
    const all = casesFor(scenarios);
    const [alone] = casesFor(scenarios.slice(2));
    expect(alone).toEqual(all[2]);
    expect(alone?.scenario.from).not.toBe(all[0]?.scenario.from);
    expect(alone?.scenario.from).toMatch(/^\+1\d{10}$/);
    expect(all[1]?.scenario.from, 'a web call has none').toBeUndefined();
  });

  it('gives another hash to what is played otherwise, and the same to what is only tagged', async () => {
    const [scenario] = await chooseScenarios(planWith({}));
    if (scenario === undefined) throw new Error('no scenario');
    const hash = (more: object, plan: Partial<EvalPlan> = {}) =>
      casesOf([{ ...scenario, ...more }], variantsOf(planWith({}), config), planWith(plan))[0]?.hash;
    const same = hash({});
    expect(hash({ tags: ['x'], knownMiss: 'not yet' })).toBe(same);
    for (const other of [hash({ loop: true }), hash({}, { seed: '2' }), hash({}, { asrNoise: true })]) {
      expect(other).not.toBe(same);
    }
  });

  it('keeps keys apart where two calls have one name', async () => {
    const [scenario] = await chooseScenarios(planWith({}));
    if (scenario === undefined) throw new Error('no scenario');
    const made = casesOf([scenario, scenario], variantsOf(planWith({}), config), planWith({}));
    expect(made.map(({ key }) => key)).toEqual(['fixtures/silent-line', 'fixtures/silent-line~2']);
  });

  it('chooses by name, * standing for anything', async () => {
    const [found, ...others] = await cases(planWith(only({ names: ['keypad*energy'] })));
    expect([found?.key, others]).toEqual(['fixtures/keypad-menu-energy', []]);
  });

  it('chooses by kind, direction, language, category and tag', async () => {
    const keys = async (more: Partial<EvalPlan['only']>) => (await cases(planWith(only(more)))).map(({ key }) => key);
    expect(await keys({ kinds: ['silent'] })).toEqual(['fixtures/silent-line']);
    expect(await keys({ directions: ['web'] })).toEqual(['fixtures/person-web-call']);
    expect(await keys({ categories: ['robocall_menu', 'silent'] })).toEqual([
      'fixtures/silent-line',
      'fixtures/keypad-menu-energy',
    ]);
    await expect(keys({ tags: ['no-such-tag'] })).rejects.toThrow('none of 3 calls matches');
    await expect(keys({ kinds: ['robot'] })).rejects.toThrow('--kind: there is no "robot"');
  });

  it('plays every agent enforcing, with the responder and prompts of the variant', () => {
    const [variant] = variantsOf({ agents: ['dental'], prompts: ['/x/a'], responders: ['other'] }, config);
    if (variant === undefined) throw new Error('no variant');
    expect(variant.id).toBe('agent=dental prompts=a responder=other');
    const own = configOf(config, variant);
    expect(own.mode).toBe('enforce');
    expect(own.agents.dental?.mode).toBeUndefined();
    expect(own.agents.dental?.responder).toBe('other');
    expect(own.prompts_dir).toBe('/x/a');
    expect(() => variantsOf({ agents: ['dentl'], prompts: [], responders: [] }, config)).toThrow('no agent "dentl"');
  });
});
