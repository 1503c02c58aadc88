import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_ACTIONS, type Policy, PRESETS, thresholds } from '../../../src/guard/policy.ts';
import { reportOf } from '../../../src/guard/report.ts';
import { startCall } from '../../../src/guard/state.ts';
import { createStep, type Step } from '../../../src/guard/step.ts';
import { pointsOf, toPoints } from '../../../src/guard/weights.ts';
import type { RescoreResult } from '../../../src/workshop/rescore/rescore.ts';
import { policyOfScript, type Script, scripts } from '../../guard/call-script.ts';
import { GeneratedCall } from '../../guard/generated-call.ts';
import { randomChange, refuted } from './edits.ts';

const CALLS = 10_000;
const EDITS = 80;

/** Most edits move what is asked; what only decides at the end is edited often enough to see who is spared. */
const changes = Array.from({ length: EDITS }, (_, n) =>
  n % 2 === 0 ? randomChange(`generated ${n}`) : randomChange(`generated ${n}`, ['closing', 'unclear']),
);

function editedPolicy(policy: Policy, preset: Script['preset'], which: number): Policy {
  const { weights, lostCustomerCosts, prior, actions } = changes[which] ?? randomChange('none');
  const closingIgnored = pointsOf(weights, 'probe-answers', 'closing-ignored');
  return {
    ...policy,
    weights,
    priorPoints: prior === undefined ? policy.priorPoints : toPoints(prior / (1 - prior)),
    thresholds: thresholds(lostCustomerCosts ?? PRESETS[preset], closingIgnored),
    actions: { ...DEFAULT_ACTIONS, ...actions },
  };
}

/** Plays a script under a policy; the call begins under that of the script, and is turned over before its first step. */
function play(script: Script, policy: Policy): ReturnType<typeof reportOf> {
  const begun = startCall(policyOfScript(script), { callId: 'call_1', agent: 'default', platform: 'retell' });
  const { verdict, trail } = startCall(policy, { callId: 'call_1', agent: 'default', platform: 'retell' });
  const own = createStep(policy);
  const step: Step = (state, event) =>
    own(state.trail === begun.trail && state.trail !== trail ? { ...state, verdict, trail } : state, event);
  const call = new GeneratedCall(script, step);
  // The laws hold for the numbers of the package: edited ones may well break them.
  Object.assign(call, { laws: { step, protectHeard: () => undefined } });
  return reportOf(call.play().state);
}

const none = (): Record<RescoreResult, number> => ({ same: 0, spared: 0, hung_up: 0, category: 0, unknown: 0 });

describe('generated calls of all kinds', () => {
  it('come out the same under their own numbers', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const policy = policyOfScript(script);
        const played = play(script, policy);
        const { said, wrong } = refuted(played, policy, played);
        expect(wrong).toBeNull();
        expect(said.result).toBe('same');
      }),
      { seed: 11, numRuns: CALLS / 2 },
    );
  });

  it('come out under other numbers as rescoring says, where it says anything', { timeout: 120_000 }, () => {
    const counts = { enforce: none(), shadow: none(), off: none() };
    fc.assert(
      fc.property(scripts, fc.nat({ max: EDITS - 1 }), fc.boolean(), (generated, which, shadow) => {
        const script: Script = shadow && generated.mode === 'enforce' ? { ...generated, mode: 'shadow' } : generated;
        const policy = policyOfScript(script);
        const edited = editedPolicy(policy, script.preset, which);
        const { said, wrong } = refuted(play(script, policy), edited, play(script, edited));
        // Nobody knows whether a disk would have failed for a decision that was not taken.
        fc.pre(said.result !== 'hung_up' || !script.spool.endsWith('fails'));
        counts[script.mode][said.result]++;
        if (wrong !== null) throw new Error(`${changes[which]?.what}: ${JSON.stringify(said)}, but ${wrong}`);
      }),
      { seed: 12, numRuns: CALLS },
    );
    console.log(JSON.stringify(counts));
    // Every kind of answer is given often enough to mean something.
    expect(counts.enforce.spared + counts.enforce.hung_up).toBeGreaterThan(5);
    expect(counts.shadow.spared).toBeGreaterThan(5);
    expect(counts.shadow.hung_up).toBeGreaterThan(5);
    expect(counts.shadow.category).toBeGreaterThan(5);
    expect(counts.enforce.same).toBeGreaterThan(counts.enforce.unknown);
  });
});
