import { existsSync } from 'node:fs';
import { CATEGORIES } from '../../guard/types.ts';
import { loadDataSets } from '../data-set.ts';
import { fixtureScenario } from '../fixture.ts';
import { loadFixtures } from '../fixture-files.ts';
import type { Scenario } from '../player/scenario.ts';
import type { EvalPlan } from './run.ts';
import { RunError } from './run-error.ts';

const KINDS = ['recording', 'person', 'silent'];
const DIRECTIONS = ['inbound', 'outbound', 'web'];

/** Fixtures of the working directory, else those of the package. */
export function defaultFixtures(ofPackage: string): string {
  return existsSync('fixtures') ? 'fixtures' : ofPackage;
}

/**
 * The scenarios that a plan names, in the order of files.
 * @throws RunError where nothing matches; FixtureError and DataSetError for files that cannot be used.
 */
export async function chooseScenarios(plan: EvalPlan): Promise<Scenario[]> {
  mustBeKnown('--kind', plan.only.kinds, KINDS);
  mustBeKnown('--direction', plan.only.directions, DIRECTIONS);
  mustBeKnown('--category', plan.only.categories, CATEGORIES);
  const all = plan.fixtures.flatMap((path) => loadFixtures(path).map(fixtureScenario));
  if (plan.data !== null) {
    all.push(
      ...(await loadDataSets(plan.data, {
        seed: plan.seed,
        asRecordings: plan.asRecordings,
        ...(plan.sets.length === 0 ? {} : { sets: plan.sets }),
        ...(plan.exclude.length === 0 ? {} : { exclude: plan.exclude }),
        ...(plan.limit === null ? {} : { limit: plan.limit }),
      })),
    );
  }
  const chosen = all.filter((scenario) => isChosen(scenario, plan.only));
  if (chosen.length === 0) {
    throw new RunError(`none of ${all.length} calls matches`, 'leave out some of --name, --tag, --kind, …');
  }
  return chosen;
}

function isChosen(scenario: Scenario, only: EvalPlan['only']): boolean {
  const any = (wanted: readonly string[], has: readonly string[]): boolean =>
    wanted.length === 0 || wanted.some((one) => has.includes(one));
  const { names } = only;
  return (
    (names.length === 0 || names.some((name) => matches(`${scenario.set}/${scenario.id}`, name))) &&
    any(only.tags, scenario.tags ?? []) &&
    any(only.kinds, [scenario.kind]) &&
    any(only.languages, [scenario.language]) &&
    any(only.directions, [scenario.direction]) &&
    any(only.categories, [scenario.expect?.category ?? []].flat())
  );
}

/** `pattern` occurs in `text`; `*` in it stands for any characters. */
function matches(text: string, pattern: string): boolean {
  let from = 0;
  for (const part of pattern.split('*')) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}

function mustBeKnown(flag: string, values: readonly string[], known: readonly string[]): void {
  const unknown = values.find((value) => !known.includes(value));
  if (unknown !== undefined) throw new RunError(`${flag}: there is no "${unknown}"`, `known are: ${known.join(', ')}`);
}
