import { basename, resolve } from 'node:path';
import { suggest } from '../../config/suggest.ts';
import type { Config } from '../../config.ts';
import type { EvalPlan, Variant } from './run.ts';
import { RunError } from './run-error.ts';

export const AS_CONFIGURED = 'as configured';

/**
 * Every combination of the plan's agents, prompts and responders.
 * @throws RunError for a name that the configuration does not have.
 */
export function variantsOf(plan: Pick<EvalPlan, 'agents' | 'prompts' | 'responders'>, config: Config): Variant[] {
  for (const agent of plan.agents) mustBe(agent, Object.keys(config.agents), 'agent');
  for (const responder of plan.responders) mustBe(responder, Object.keys(config.responders), 'responder');
  const directories = plan.prompts.map((directory) => resolve(directory));
  const names = shownNames(directories);
  const variants: Variant[] = [];
  for (const agent of orNull(plan.agents)) {
    for (const promptsDir of orNull(directories)) {
      for (const responder of orNull(plan.responders)) {
        const parts = [
          ...(agent === null ? [] : [`agent=${agent}`]),
          ...(promptsDir === null ? [] : [`prompts=${names.get(promptsDir) ?? promptsDir}`]),
          ...(responder === null ? [] : [`responder=${responder}`]),
        ];
        variants.push({ id: parts.length === 0 ? AS_CONFIGURED : parts.join(' '), agent, promptsDir, responder });
      }
    }
  }
  return variants;
}

/** Names of directories; where two have the same name, the whole path. */
function shownNames(directories: readonly string[]): Map<string, string> {
  const all = directories.map((directory) => basename(directory));
  return new Map(
    directories.map((directory, index) => {
      const name = all[index] ?? directory;
      return [directory, all.filter((other) => other === name).length > 1 ? directory : name];
    }),
  );
}

/** Longer than any recording takes: the deadlines of models are of the wall, and an eval's time is its own. */
const NO_DEADLINE_MS = 2_000_000_000;

/** Of several providers the first answers alone: which of them is in time is a matter of the wall too. */
function timeless(spec: Config['responders'][string]): Config['responders'][string] {
  if ('model' in spec) return { ...spec, first_token_ms: NO_DEADLINE_MS, stall_ms: NO_DEADLINE_MS };
  return spec.type === 'providers' ? { ...spec, providers: spec.providers.slice(0, 1) } : spec;
}

/**
 * The configuration in whose terms a variant is played: it enforces, whatever the file says, and no deadline of a model
 * passes but the guard's own.
 */
export function configOf(config: Config, variant: Variant): Config {
  const agents: Config['agents'] = Object.assign(
    // As in the schema: agent names are no names of a prototype.
    Object.create(null),
    Object.fromEntries(
      Object.entries(config.agents).map(([name, { mode: _mode, ...agent }]) => [
        name,
        { ...agent, responder: variant.responder ?? agent.responder },
      ]),
    ),
  );
  const responders: Config['responders'] = Object.assign(
    Object.create(null),
    Object.fromEntries(Object.entries(config.responders).map(([name, spec]) => [name, timeless(spec)])),
  );
  return {
    ...config,
    mode: 'enforce',
    agents,
    responders,
    ...(variant.promptsDir === null ? {} : { prompts_dir: variant.promptsDir }),
  };
}

function orNull(names: readonly string[]): readonly (string | null)[] {
  return names.length === 0 ? [null] : [...new Set(names)];
}

function mustBe(name: string, known: readonly string[], what: string): void {
  if (known.includes(name)) return;
  throw new RunError(`there is no ${what} "${name}"`, suggest(name, known) ?? `${what}s are: ${known.join(', ')}`);
}
