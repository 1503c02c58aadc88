import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportOf } from '../../../src/guard/report.ts';
import { MAX_TRAIL_CHARS } from '../../../src/guard/trail.ts';
import { rescore } from '../../../src/workshop/rescore/rescore.ts';
import type { RescoreTo } from '../../../src/workshop/rescore/rescore-to.ts';
import { Bench, testPolicy } from '../../guard/call-kit.ts';

const policy = testPolicy();
const to = (changes: Partial<RescoreTo> = {}): RescoreTo => ({
  weights: policy.weights,
  priorPoints: policy.priorPoints,
  thresholds: policy.thresholds,
  actions: policy.actions,
  ...changes,
});
const fresh = reportOf(new Bench().state).trail;
/** A closing sentence, ignored at 20 points of two categories that are close. */
const CLOSED = [
  fresh,
  'e 5000 2 11.46 robocall_menu - keypad-menu=once/robocall_menu talks-over=nearly-always',
  'c 5000 2 16 closing',
  'e 9000 3 20.46 robocall_menu - probe-answers=closing-ignored',
  'w 9000 3 0 failed h',
].join('\n');
const closed = { decision: 'hang_up', category: 'robocall_menu', trail: CLOSED } as const;

describe('a call that was hung up on', () => {
  const levels = (changes: Record<string, number>) => {
    const weights = structuredClone(policy.weights);
    Object.assign(weights.signals['probe-answers']?.points ?? {}, changes);
    return to({ weights });
  };

  it('is the same under its own numbers', () => {
    expect(rescore(closed, to())).toMatchObject({ result: 'same', turn: 3, callMs: 9_000, category: 'robocall_menu' });
  });

  it('is spared where the ignored closing is worth less', () => {
    const said = rescore(closed, levels({ 'closing-ignored': 5 }));
    expect(said).toMatchObject({ result: 'spared', turn: 3, callMs: 9_000, category: null });
    expect(said.why).toContain('20.0 are needed');
  });

  it('is newly hung up on where it was not enough', () => {
    const taken = CLOSED.replace(/ h$/, ' -').replaceAll('20.46', '14.46');
    const said = rescore({ decision: 'none', category: null, trail: taken }, to());
    expect(said).toMatchObject({ result: 'hung_up', turn: 3, category: 'robocall_menu' });
  });

  it('has another category where others count for more', () => {
    const both = CLOSED.replace('talks-over=nearly-always', 'bot-loop=loop/bot_loop');
    const call = { ...closed, trail: both };
    expect(rescore(call, to()).result).toBe('same');
    const weights = structuredClone(policy.weights);
    Object.assign(weights.signals['keypad-menu']?.points ?? {}, { once: 11 });
    Object.assign(weights.signals['bot-loop']?.points ?? {}, { loop: 14 });
    const said = rescore(call, to({ weights }));
    expect(said).toMatchObject({ result: 'category', category: 'bot_loop', turn: 3 });
    expect(said.why).toContain('as bot_loop, not as robocall_menu');
  });

  it('is unknown where the closing sentence would not have been said, or something else first', () => {
    const { probe, closing, hangUp } = policy.thresholds;
    const later = rescore(closed, to({ thresholds: { probe, closing: closing + 2, hangUp } }));
    expect(later).toMatchObject({ result: 'unknown', turn: 2 });
    const scope = rescore(closed, to({ actions: { ...policy.actions, robocall_menu: 'scope' } }));
    expect(scope.why).toMatch(/scope, not closing/);
    const ignored = rescore(closed, to({ actions: { ...policy.actions, robocall_menu: 'ignore' } }));
    expect(ignored.result).toBe('unknown');
  });

  it('whose decision came from elsewhere is known only where nothing differs', () => {
    const resumed = { ...closed, trail: `${CLOSED}\nr` };
    expect(rescore(resumed, to()).result).toBe('same');
    expect(rescore(resumed, to({ priorPoints: policy.priorPoints - 0.1 })).result).toBe('unknown');
    const over = { ...closed, trail: `${fresh}\nt` };
    expect(rescore(over, to()).result).toBe('same');
    expect(rescore(over, to({ actions: { ...policy.actions, silent: 'ignore' } })).result).toBe('unknown');
  });
});

it('does not know calls without a trail, or with one of another version', () => {
  for (const trail of [null, '', '2 e', 'rubbish', fresh.replace('1 e', '1 x'), `${fresh} more`]) {
    expect(rescore({ decision: 'none', category: null, trail }, to()).result).toBe('unknown');
  }
  expect(rescore({ decision: 'none', category: null, trail: `${fresh}\nz 1` }, to()).result).toBe('unknown');
});

it('never throws, whatever stands in a trail', () => {
  const word = fc.oneof(
    fc.constantFrom('e', 'c', 'w', 'k', 's', 'b', 'closing', 'h', '-', 'a=b/c/s', '__proto__=x'),
    fc.string(),
    fc.integer().map(String),
  );
  fc.assert(
    fc.property(fc.array(fc.array(word, { maxLength: 9 }), { maxLength: 20 }), (lines) => {
      const trail = [fresh, ...lines.map((line) => line.join(' '))].join('\n');
      rescore({ decision: 'hang_up', category: 'silent', trail }, to());
    }),
    { seed: 3, numRuns: 3_000 },
  );
});

describe('the trail', () => {
  it('is bounded, says so, and holds nothing that was said', () => {
    const bench = new Bench().open().agent('Hello, how can I help you?');
    for (let n = 0; n < 900; n++) {
      bench.caller(
        n % 2 ? 'Wendeltreppe please press one to accept your prize or press two' : 'I would like to book Wendeltreppe',
      );
      bench.agent('For when would you like it?');
    }
    const { trail, policy: numbers } = reportOf(bench.state);
    expect(trail.length).toBeLessThanOrEqual(MAX_TRAIL_CHARS + 4);
    expect(trail).not.toContain('Wendeltreppe');
    expect(numbers).toEqual({ priorPoints: policy.priorPoints, thresholds: policy.thresholds });
  });
});
