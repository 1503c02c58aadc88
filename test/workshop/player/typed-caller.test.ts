import { describe, expect, it } from 'vitest';
import { packagePromptsDir } from '../../../src/prompts.ts';
import { heldModels } from '../../../src/workshop/answers/held-models.ts';
import { fixtureScenario } from '../../../src/workshop/fixture.ts';
import { loadFixtures } from '../../../src/workshop/fixture-files.ts';
import { enforcing } from '../../../src/workshop/in-process-guard.ts';
import { playHere } from '../../../src/workshop/play-here.ts';
import { loadProbeTexts } from '../../../src/workshop/player/probe-texts.ts';
import { seededRng } from '../../../src/workshop/player/rng.ts';
import type { Scenario } from '../../../src/workshop/player/scenario.ts';
import { TypedCaller } from '../../../src/workshop/player/typed-caller.ts';
import type { Cue, TypedAct, Typist } from '../../../src/workshop/player/typist.ts';
import type { TryStep } from '../../../src/workshop/try/step.ts';
import { tryCall } from '../../../src/workshop/try/try-call.ts';
import { parrot } from '../retell-server.ts';
import { play, scenario } from '../scenarios.ts';

const probeTexts = loadProbeTexts(`${packagePromptsDir}/probes`);
const all = new Map(loadFixtures('fixtures').map((one) => [one.name, fixtureScenario(one)]));

function fixture(name: string): Scenario {
  const found = all.get(name);
  if (found === undefined) throw new Error(`no fixture ${name}`);
  return found;
}

/** The lines of a fixture as somebody would type them, with its gaps. */
function typedAs({ kind, lines }: Scenario): TypedAct[] {
  return lines.map((line): TypedAct => {
    if (line.type === 'silent') return { type: 'silence', ms: 10_000 };
    const gap = line.gapMs === undefined ? {} : { gapMs: line.gapMs };
    if (line.type === 'digit') return { type: 'digit', digit: line.digit, ...gap };
    return { type: 'say', text: line.text, ...gap, ...(kind === 'recording' && { recording: true }) };
  });
}

/** Types acts into a guard; leaves when there are none left. */
async function typed(
  what: Scenario,
  acts: readonly TypedAct[],
  { lead = false, thinkMs = 0, interactive = false } = {},
) {
  const rest = [...acts];
  const steps: TryStep[] = [];
  const cues: Cue[] = [];
  const models = heldModels();
  const call = await tryCall(
    what,
    {
      config: enforcing(),
      secrets: {},
      seed: '1',
      callIdSalt: '',
      probeTexts,
      wrapModel: models.wrapModel,
      hold: models.hold,
      lead,
    },
    {
      interactive,
      step: (step) => steps.push(step),
      next: async ({ cue }) => {
        cues.push(cue);
        if (thinkMs > 0) await new Promise((resolve) => setTimeout(resolve, thinkMs));
        return rest.shift() ?? { type: 'leave', atOnce: false };
      },
    },
  );
  return { ...call, steps, cues, unsaid: rest.length };
}

async function played(what: Scenario) {
  const [call] = await playHere([what], { concurrency: 1, seed: '1', probeTexts });
  if (call === undefined) throw new Error('not played');
  return call;
}

describe('typed into a guard', () => {
  it.each(['robocall-car-warranty', 'robocall-prize-draw', 'robocall-account-alert', 'recording-debt-collection'])(
    'the verdict of %s is that of the fixture as the player plays it',
    async (name) => {
      const what = fixture(name);
      const own = await played(what);
      const mine = await typed({ ...what, lines: [] }, typedAs(what));
      expect(own.record?.decision).toBe('hang_up');
      expect(mine.record).toMatchObject({ decision: 'hang_up', outcome: 'hung_up', category: own.record?.category });
      const apartMs = Math.abs((mine.record?.decidedCallMs ?? 0) - (own.record?.decidedCallMs ?? 0));
      expect(apartMs).toBeLessThan(8_000);
      expect(mine.steps.at(-1)?.rung).toBe('hang_up');
    },
  );

  it.each(['person-outbound-reminder-answered', 'person-returning-customer', 'person-callback-after-hang-up'])(
    '%s is served, as when played',
    async (name) => {
      const what = fixture(name);
      const mine = await typed({ ...what, lines: [] }, typedAs(what));
      expect((await played(what)).record?.decision).toBe('none');
      expect(mine.record).toMatchObject({ decision: 'none', outcome: 'caller_left' });
      expect(mine.unsaid).toBe(0);
      const said = mine.result.transcript.flatMap(({ role, text }) => (role === 'user' ? [text] : [])).join(' ');
      for (const line of what.lines) {
        if (line.type === 'say') expect(said).toContain(line.text);
      }
    },
  );

  it('silence is hung up on', async () => {
    const what = fixture('silent-line');
    const mine = await typed(what, [{ type: 'silence', ms: 90_000 }]);
    expect(mine.record).toMatchObject({ decision: 'hang_up', category: 'silent' });
  });

  it('time stands still while somebody types', async () => {
    const acts: TypedAct[] = [
      { type: 'say', text: 'Hello, I need an appointment.' },
      { type: 'say', text: 'Tuesday would be good.' },
    ];
    const quick = await typed(scenario({ kind: 'person', lines: [] }), acts);
    const slow = await typed(scenario({ kind: 'person', lines: [] }), acts, { thinkMs: 60 });
    expect(slow.result).toEqual(quick.result);
    expect(slow.steps).toEqual(quick.steps);
  });

  it('a fixture is taken over in the middle: the same call up to there, then only what is typed', async () => {
    const what = fixture('robocall-car-warranty');
    const whole = (await played(what)).result.transcript;
    const mine = await typed(
      { ...what, lines: what.lines.slice(0, 1) },
      [{ type: 'say', text: 'Sorry, that was my radio. I would like to ask about my bill.' }],
      { lead: true },
    );
    const { transcript } = mine.result;
    const taken = transcript.findIndex(({ text }) => text.startsWith('Sorry, that'));
    expect(taken).toBeGreaterThan(1);
    expect(transcript.slice(0, 2)).toEqual(whole.slice(0, 2));
    expect(transcript.map(({ text }) => text).join(' ')).not.toContain('Our records');
    expect(mine.steps[0]?.said.map(({ text }) => text).join(' ')).toContain('Motor Shield Direct');
    expect(mine.record?.decision).toBe('none');
  });

  it('whoever was taken over from says nothing more, however long it is silent', async () => {
    const what = fixture('person-returning-customer');
    const lines = what.lines.slice(0, 1);
    const acts: TypedAct[] = [
      { type: 'silence', ms: 40_000 },
      { type: 'say', text: 'Sorry, I was away.' },
    ];
    const { transcript } = (await typed({ ...what, lines }, acts, { lead: true })).result;
    const said = transcript.flatMap(({ role, text }) => (role === 'user' ? [text] : []));
    expect(said.join(' ')).toBe([...lines.map((line) => 'text' in line && line.text), 'Sorry, I was away.'].join(' '));
  });

  it('is asked while the agent pauses only where somebody can see it', async () => {
    const acts: TypedAct[] = [{ type: 'say', text: 'Hello there.' }];
    const what = scenario({ kind: 'person', lines: [] });
    expect((await typed(what, acts)).cues[0]).toBe('pick-up');
    expect((await typed(what, acts, { interactive: true })).cues[0]).toBe('turn');
  });
});

/** Types acts to a parrot and notes what was said when. */
async function toParrot(acts: readonly TypedAct[]) {
  const rest = [...acts];
  const said: { who: string; text: string; fromMs: number }[] = [];
  let agentMs = 0;
  const typist: Typist = {
    next: async (cue) => {
      if (cue === 'pick-up' && rest[0]?.type !== 'over') return { type: 'listen' };
      return rest.shift() ?? { type: 'leave', atOnce: true };
    },
    agentStarted: (atMs) => {
      agentMs = atMs;
    },
    agentSaid: ({ text }) => said.push({ who: 'agent', text, fromMs: agentMs }),
    callerSaid: (text, fromMs) => said.push({ who: 'caller', text, fromMs }),
    callerPressed: (text, fromMs) => said.push({ who: 'keys', text, fromMs }),
  };
  const result = await play(scenario({ kind: 'person', lines: [] }), parrot, {
    caller: (link) => new TypedCaller(link, { typist, rng: seededRng('typed') }),
  });
  return { result, said };
}

describe('what a typed caller does', () => {
  it('speaks after the gap that was asked for, and natural pauses otherwise', async () => {
    const one = { type: 'say', text: 'Hello.' } as const;
    const [, drawn] = (await toParrot([one])).said;
    const [, late] = (await toParrot([{ ...one, gapMs: 7_000 }])).said;
    const [, early] = (await toParrot([{ ...one, gapMs: 0 }])).said;
    expect((late?.fromMs ?? 0) - (early?.fromMs ?? 0)).toBeCloseTo(7_000, -1);
    const pauseMs = (drawn?.fromMs ?? 0) - (early?.fromMs ?? 0);
    expect(pauseMs).toBeGreaterThanOrEqual(150);
    expect(pauseMs).toBeLessThanOrEqual(4_000);
  });

  it('talks over the next line of the agent, 0.8 s in', async () => {
    const { said } = await toParrot([
      { type: 'over', text: 'No, no, please stop that now.' },
      { type: 'say', text: 'Hello, it is me.' },
    ]);
    const [agent, over] = said.sort((a, b) => a.fromMs - b.fromMs);
    expect(agent?.who).toBe('agent');
    expect(over?.text).toMatch(/^No,/);
    expect((over?.fromMs ?? 0) - (agent?.fromMs ?? 0)).toBe(800);
    // The parrot was cut off.
    expect(agent?.text.endsWith('?')).toBe(false);
    expect(said.some(({ text }) => text.includes('it is me'))).toBe(true);
  });

  it('a recording does not wait for the agent, a person does', async () => {
    const texts = ['This is the first part of it.', 'And here is the second part.'];
    const tape = await toParrot(texts.map((text) => ({ type: 'say', text, recording: true, gapMs: 200 })));
    const person = await toParrot(texts.map((text) => ({ type: 'say', text, gapMs: 200 })));
    const callers = (lines: typeof tape.said): string => lines.map(({ who }) => who).join(' ');
    expect(callers(person.said)).toMatch(/caller agent caller agent$/);
    expect(callers(tape.said)).toContain('caller caller');
  });

  it('presses keys, and leaves when told', async () => {
    const { result, said } = await toParrot([{ type: 'digit', digit: '5', gapMs: 500 }]);
    expect(said.find(({ who }) => who === 'keys')?.text).toBe('5');
    expect(result).toMatchObject({ endedBy: 'caller', how: 'left' });
  });
});
