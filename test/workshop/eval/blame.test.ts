import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../../../src/records/record.ts';
import { blame, blameContext } from '../../../src/workshop/eval/blame.ts';
import { editsOf } from '../../../src/workshop/eval/edits.ts';
import type { EvalCall, LoadedRun } from '../../../src/workshop/eval/run.ts';
import { BALANCED, hungUp, madeCall, madeRecord, madeRun, madeVariant, PRIOR, seen, weightsWith } from './made-runs.ts';

type Stamp = Parameters<typeof madeRun>[2];
interface Side extends Partial<EvalCall> {
  readonly stamp?: Stamp;
  readonly plan?: Parameters<typeof madeRun>[3];
}

/** Blames one call of two runs. */
function blamed(a: Side, b: Side) {
  const run = (id: string, { stamp, plan, ...call }: Side): LoadedRun =>
    madeRun(id, [madeCall('fixtures/x', call)], stamp, plan);
  const [runA, runB] = [run('a', a), run('b', b)];
  const [callA, callB] = [runA.calls[0], runB.calls[0]];
  if (callA === undefined || callB === undefined) throw new Error('no calls');
  return blame({ key: 'fixtures/x', a: callA, b: callB }, blameContext(runA, runB, editsOf(runA, runB)));
}

/** Asked at turn 2, and hung up on in the end. */
const probed = (points: number, levels: Record<string, string>, others: Partial<CallRecord> = {}): CallRecord =>
  hungUp({
    evidence: [{ ...seen(2, 9_000, levels), points }],
    rungs: [{ from: 'continue', to: 'probe', turn: 2, callMs: 9_000, points, why: '' }],
    ...others,
  });

const MENU = { 'keypad-menu': 'menu' };
const MENU_SUM = 8.46;
const lowMenu = weightsWith({ 'keypad-menu': { menu: 3 } });
const variant = (over: Parameters<typeof madeVariant>[0]): Stamp => ({ variants: [madeVariant(over)] });
const eager = { preset: 'eager', thresholds: { probe: -5.2, closing: 5.8, hangUp: 14.8 } };
const modelled: Partial<CallRecord> = {
  models: [{ purpose: 'reply', model: 'm', requests: 1, inputTokens: 1, cachedTokens: 0, outputTokens: 1, cost: null }],
};
const says = (...lines: readonly string[]): EvalCall['result'] =>
  madeCall('x', {
    result: {
      transcript: lines.flatMap((text) => [
        { role: 'agent' as const, text },
        { role: 'user' as const, text: 'Hm.' },
      ]),
    },
  }).result;

describe('weights', () => {
  it('are to blame where the same evidence is worth something else', () => {
    const served = madeRecord({ evidence: [seen(2, 9_000, MENU, lowMenu)] });
    expect(blamed({ record: probed(MENU_SUM, MENU) }, { record: served, stamp: { weights: lowMenu } })).toEqual({
      cause: 'weights',
      why: 'weights: keypad-menu menu 18 → 3; the sum at turn 2 fell from +8.5 to −6.5, below the probe threshold 0.0',
    });
    // The other way round, and with evidence that the served call did not keep.
    const bare = madeRecord();
    expect(blamed({ record: bare, stamp: { weights: lowMenu } }, { record: probed(MENU_SUM, MENU) }).why).toBe(
      'weights: keypad-menu menu 3 → 18; the sum at turn 2 rose from −6.5 to +8.5, above the probe threshold 0.0',
    );
  });

  it('not thresholds, where both were edited and the points alone lead there', () => {
    const stamp = { weights: lowMenu, ...variant({ preset: 'own', thresholds: { ...BALANCED, probe: 1 } }) };
    const found = blamed({ record: probed(MENU_SUM, MENU) }, { record: madeRecord(), stamp });
    expect(found.cause).toBe('weights');
  });

  it('name only the edits that bear on the call, the largest first', () => {
    const weights = weightsWith({ 'keypad-menu': { menu: 3 }, 'sales-pitch': { four: 1 }, 'talks-over': { often: 1 } });
    const record = probed(13.46, { ...MENU, 'talks-over': 'often' });
    expect(blamed({ record }, { record: madeRecord(), stamp: { weights } }).why).toMatch(
      /^weights: keypad-menu menu 18 → 3, talks-over often 5 → 1; the sum at turn 2 fell from \+13\.5 to −5\.5/,
    );
  });

  it('move the closing threshold, too', () => {
    const weights = weightsWith({ 'probe-answers': { 'closing-ignored': 2 } });
    const stamp = { weights, ...variant({ thresholds: { ...BALANCED, closing: 18 } }) };
    const levels = { ...MENU, 'talks-over': 'often' };
    const points = seen(2, 9_000, levels).points;
    const record = probed(points, levels, {
      rungs: [{ from: 'continue', to: 'closing', turn: 2, callMs: 9_000, points, why: '' }],
    });
    expect(blamed({ record }, { record: madeRecord({ evidence: [seen(2, 9_000, levels)] }), stamp })).toEqual({
      cause: 'weights',
      why: 'weights: probe-answers closing-ignored 9 → 2, which moves the closing threshold 11.0 → 18.0; the sum of +13.5 at turn 2 is now below it',
    });
  });

  it('move a call that takes the same steps', () => {
    const [a, b] = [seen(2, 9_000, MENU), seen(2, 9_000, MENU, lowMenu)];
    const found = blamed(
      { record: madeRecord({ evidence: [a], points: a.points }) },
      { record: madeRecord({ evidence: [b], points: b.points }), stamp: { weights: lowMenu } },
    );
    expect(found).toEqual({
      cause: 'weights',
      why: 'weights: keypad-menu menu 18 → 3; the sum at turn 2 fell from +8.5 to −6.5',
    });
  });
});

describe('thresholds', () => {
  const levels = { 'robocall-wording': 'one' };
  const points = seen(2, 9_000, levels).points;

  it('are to blame where the same sum is now enough, or no longer', () => {
    const served = madeRecord({ evidence: [seen(2, 9_000, levels)] });
    expect(blamed({ record: served }, { record: probed(points, levels), stamp: variant(eager) })).toEqual({
      cause: 'thresholds',
      why: 'thresholds: probe 0.0 → −5.2; the sum of −3.5 at turn 2 is now above it',
    });
    expect(blamed({ record: probed(points, levels), stamp: variant(eager) }, { record: served }).why).toContain(
      'probe −5.2 → 0.0; the sum of −3.5 at turn 2 is now below it',
    );
  });

  it('not weights, where both were edited and those of this call are the same', () => {
    const stamp = { weights: lowMenu, ...variant(eager) };
    const found = blamed({ record: madeRecord() }, { record: probed(points, levels), stamp });
    expect(found.cause).toBe('thresholds');
  });

  it('not weights, where both were edited and the other sum alone would not lead there', () => {
    const weights = weightsWith({ 'keypad-menu': { menu: 17 } });
    const stamp = { weights, ...variant({ thresholds: { ...BALANCED, probe: 8 } }) };
    expect(blamed({ record: probed(MENU_SUM, MENU) }, { record: madeRecord(), stamp })).toEqual({
      cause: 'thresholds',
      why: 'thresholds: probe 0.0 → 8.0; the sum of +7.5 at turn 2 (it was +8.5) is now below it',
    });
  });

  it('decide even where evidence of the turn came later in one of the runs', () => {
    const later = madeRecord({ evidence: [seen(2, 12_000, { ...levels, silence: 'after-speech-2' })] });
    expect(blamed({ record: later }, { record: probed(points, levels), stamp: variant(eager) }).why).toBe(
      'thresholds: probe 0.0 → −5.2; the sum of −3.5 at turn 2 is now above it',
    );
  });

  it('hold the prior, which is part of every sum', () => {
    const priorPoints = PRIOR + 5;
    const record = probed(1.46, levels, { evidence: [seen(2, 9_000, levels, undefined, priorPoints)] });
    expect(blamed({ record: madeRecord() }, { record, stamp: variant({ priorPoints }) })).toEqual({
      cause: 'thresholds',
      why: 'thresholds: prior −9.5 → −4.5; the sum at turn 2 rose from −3.5 to +1.5, above the probe threshold 0.0',
    });
  });
});

describe('prompts', () => {
  const texts = { one: '## who\n- Who is it?\n', two: '## who\n- State your name at once.\n' };
  const probe = (hash: string) => ({ texts, ...variant({ prompts: [{ id: 'probes/en', hash }] }) });

  it('are to blame where the guard asked in the new words', () => {
    const found = blamed(
      { record: probed(MENU_SUM, MENU), result: says('Hello.', 'Who is it?'), stamp: probe('one') },
      { record: madeRecord(), result: says('Hello.', 'State your name at once.'), stamp: probe('two') },
    );
    expect(found).toEqual({
      cause: 'prompt',
      why: 'prompt: probes/en edited; the agent said "State your name at once." at turn 1, not "Who is it?"',
    });
  });

  it('not those that say the same, next to a weight that shows', () => {
    const found = blamed(
      { record: probed(MENU_SUM, MENU), result: says('Hello.', 'Who is it?'), stamp: probe('one') },
      { record: madeRecord(), result: says('Hello.', 'Yes?'), stamp: { ...probe('two'), weights: lowMenu } },
    );
    expect(found.cause).toBe('weights');
  });

  it('of a model are to blame where it said something else', () => {
    const guard = (hash: string) => ({ texts, ...variant({ prompts: [{ id: 'guard', hash }] }) });
    const other = { record: madeRecord(modelled), result: says('Hello.', 'Nothing to do with us.') };
    const found = blamed(
      { record: probed(MENU_SUM, MENU, modelled), result: says('Hello.', 'Go on.'), stamp: guard('one') },
      { ...other, stamp: guard('two') },
    );
    expect(found).toEqual({ cause: 'prompt', why: 'prompt: guard edited; the model said something else at turn 1' });
  });

  it('of the classifier are to blame where it answered something else', () => {
    const classifier = (hash: string) => ({ texts, ...variant({ prompts: [{ id: 'classifier', hash }] }) });
    const found = blamed(
      { record: madeRecord({ evidence: [seen(1, 5_000, { 'llm-classifier': 'low' })] }), stamp: classifier('one') },
      { record: madeRecord({ evidence: [seen(1, 5_000, { 'llm-classifier': 'high' })] }), stamp: classifier('two') },
    );
    expect(found.why).toBe('prompt: classifier edited; llm-classifier low → high at turn 1');
  });

  it('quote what was said as one harmless line', () => {
    const [one, two] = ['## x\n- A\u001b[31mB and C\n', '## x\n- D\n'];
    const stamp = (hash: string) => ({ ...probe(hash), texts: { one, two } });
    const { why } = blamed(
      { result: says('A\u001b[31mB and C'), stamp: stamp('one') },
      { result: says('D'), stamp: stamp('two') },
    );
    expect(why).toContain('not "AB and C"');
  });
});

describe('what else there is', () => {
  it('a fixture that was edited is another call, whatever else was', () => {
    const stamp = { weights: lowMenu, code: 'other' };
    expect(blamed({}, { hash: 'other', stamp }).why).toBe('fixture: the scenario was edited, or how it is played');
    expect(blamed({}, { hash: 'other', plan: { seed: 'two' } }).why).toContain('seed two in place of seed');
    const result = { ...madeCall('x').result, expect: { decision: 'hang_up' as const } };
    expect(blamed({}, { hash: 'other', result }).why).toContain('something else is expected');
  });

  it('other evidence of the same words comes from the code, or from a signal that was switched off', () => {
    const [a, b] = [
      madeRecord({ evidence: [seen(1, 5_000, MENU)] }),
      madeRecord({ evidence: [seen(1, 5_000, { 'keypad-menu': 'once' })] }),
    ];
    expect(blamed({ record: a }, { record: b, stamp: { code: 'other', weights: lowMenu } })).toEqual({
      cause: 'code',
      why: 'code: the guard is another version; keypad-menu menu → once at turn 1',
    });
    const without = madeRecord({ evidence: [seen(1, 5_000, {})] });
    expect(blamed({ record: a }, { record: without, stamp: variant({ config: 'other' }) })).toEqual({
      cause: 'config',
      why: 'config: edited; keypad-menu menu → not seen at turn 1',
    });
  });

  it('the answers of a model, where nothing was edited that it was told', () => {
    const a = { record: probed(MENU_SUM, MENU, modelled), result: says('Hello.', 'Go on.') };
    const b = { record: madeRecord(modelled), result: says('Hello.', 'Hm?') };
    expect(blamed(a, b)).toEqual({
      cause: 'answers',
      why: 'answers: the model answered differently; the agent said something else at turn 1',
    });
    // An edit that shows nowhere in the call is not blamed for what the model said.
    expect(blamed(a, { ...b, stamp: variant({ config: 'other' }) }).cause).toBe('answers');
  });

  it('noise, where nothing that is known differs; never an edit that was not made', () => {
    expect(blamed({ record: probed(MENU_SUM, MENU) }, { record: madeRecord() }).cause).toBe('noise');
    expect(blamed({ record: madeRecord() }, { record: null }).cause).toBe('noise');
    expect(blamed({ record: madeRecord() }, { record: null, stamp: { code: 'other' } }).cause).toBe('code');
  });
});
