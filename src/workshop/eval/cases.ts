import { contentHash } from '../../version.ts';
import { withNumbers } from '../player/call-facts.ts';
import type { Scenario } from '../player/scenario.ts';
import type { EvalPlan, Variant } from './run.ts';

/** One call to be played. */
export interface EvalCase {
  readonly key: string;
  readonly hash: string;
  readonly variant: Variant;
  /** From 1. */
  readonly repeat: number;
  /** With a number, and for the agent of the variant. */
  readonly scenario: Scenario;
  readonly seed: string;
}

/**
 * Scenarios × variants × repeats. What becomes of a call does not depend on which others are in the run: its number is
 * drawn for it alone.
 */
export function casesOf(
  scenarios: readonly Scenario[],
  variants: readonly Variant[],
  plan: Pick<EvalPlan, 'repeats' | 'seed' | 'asrNoise'>,
): EvalCase[] {
  const names = uniqueNames(scenarios);
  return variants.flatMap((variant) =>
    scenarios.flatMap((bare, index) => {
      const name = names[index] ?? '';
      const scenario = numbered(variant.agent === null ? bare : { ...bare, agent: variant.agent }, name, plan.seed);
      return Array.from({ length: plan.repeats }, (_, before): EvalCase => {
        const repeat = before + 1;
        const seed = repeat === 1 ? plan.seed : `${plan.seed}/${repeat}`;
        const at = variants.length > 1 ? `@${variant.id}` : '';
        const key = `${name}${at}${plan.repeats > 1 ? `#${repeat}` : ''}`;
        return { key, hash: hashOf(scenario, seed, plan.asrNoise), variant, repeat, scenario, seed };
      });
    }),
  );
}

/** Key without its repeat: what the repeats of one call have in common. */
export function withoutRepeat(key: string): string {
  return key.replace(/#\d+$/, '');
}

function numbered(scenario: Scenario, name: string, seed: string): Scenario {
  return withNumbers([scenario], `${seed}/${name}`)[0] ?? scenario;
}

/** Tags and notes on a call do not change it. */
function hashOf({ tags: _tags, knownMiss: _miss, ...played }: Scenario, seed: string, asrNoise: boolean): string {
  return contentHash(JSON.stringify([played, seed, asrNoise]));
}

/** `<set>/<id>`; what has the name of another gets `~2`. */
function uniqueNames(scenarios: readonly Scenario[]): string[] {
  const seen = new Map<string, number>();
  return scenarios.map(({ set, id }) => {
    const name = `${set}/${id}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name}~${times}`;
  });
}
