import { type Config, lostCustomerCosts } from '../../config.ts';
import { readPromptFiles } from '../../prompts/prompt-files.ts';
import { loadPrompts, packagePromptsDir } from '../../prompts.ts';
import { policyOf } from '../../server/policy-of.ts';
import { codeHash, contentHash, packageVersion } from '../../version.ts';
import { loadWeights } from '../../weights-file.ts';
import { modelOrigin } from '../answers/answer-key.ts';
import type { PromptStamp, RunStamp, Variant, VariantStamp } from './run.ts';
import { configOf } from './variants.ts';

/**
 * What decides in the calls of a run, before any is played. `agents`: the names that its calls are for.
 * @throws ConfigError for prompts or weights that cannot be used.
 */
export function stampOf(config: Config, variants: readonly Variant[], agents: ReadonlySet<string>): RunStamp {
  const { weights, hash } = loadWeights(config.weights_file);
  const texts: Record<string, string> = {};
  const variantStamp = (variant: Variant): VariantStamp => {
    const own = configOf(config, variant);
    const used = variant.agent === null ? [...agents].sort() : [variant.agent];
    const prompts = loadPrompts(own.prompts_dir);
    const keep = (id: string, text: string): PromptStamp => {
      const textHash = contentHash(text);
      texts[textHash] = text;
      return { id, hash: textHash };
    };
    const policy = policyOf(own, used[0] ?? 'default', { weights, prompts, now: 0, canStop: false });
    return {
      id: variant.id,
      config: restHash(own),
      preset: own.lost_customer_costs === undefined ? own.preset : String(own.lost_customer_costs),
      thresholds: policy.thresholds,
      priorPoints: policy.priorPoints,
      prompts: [
        ...readPromptFiles(packagePromptsDir, own.prompts_dir).flatMap(({ path, content }) => {
          const id = path.replace(/\.md$/, '');
          return Object.hasOwn(prompts.hashes, id) ? [keep(id, content)] : [];
        }),
        ...used.map((name) => keep(`agent:${name}`, own.agents[name]?.prompt ?? '')),
      ],
      responders: whoAnswers(own, used),
    };
  };
  const stamped = variants.map(variantStamp);
  return {
    guard: packageVersion(),
    code: codeHash(),
    weights: { hash, file: config.weights_file ?? null, content: weights },
    variants: stamped,
    texts,
    answers: [],
    prices: {
      lostCustomerCosts: lostCustomerCosts(config),
      perMinute: config.saved.price_per_minute,
      currency: config.saved.currency,
      badCallMs: config.saved.bad_call_seconds * 1_000,
    },
  };
}

/** Names of the responders that calls of `agents` are answered or classified by, those in `providers` included. */
export function respondersInUse(config: Config, agents: readonly string[]): string[] {
  const names = new Set<string>();
  const add = (name: string): void => {
    if (names.has(name)) return;
    names.add(name);
    const spec = config.responders[name];
    if (spec?.type === 'providers') for (const provider of spec.providers) add(provider);
  };
  for (const agent of agents) add(config.agents[agent]?.responder ?? 'scripted');
  if (config.classifier.responder !== undefined) add(config.classifier.responder);
  return [...names];
}

function whoAnswers(config: Config, agents: readonly string[]): VariantStamp['responders'] {
  return respondersInUse(config, agents).map((name) => {
    const spec = config.responders[name];
    if (spec === undefined || !('model' in spec)) return { name, type: spec?.type ?? 'scripted' };
    return { name, type: spec.type, model: spec.model, endpoint: modelOrigin(spec).endpoint };
  });
}

/** Hash of what is not stamped on its own, and of nothing that no verdict hangs on. */
function restHash(config: Config): string {
  const { prompts_dir, weights_file, listen, records, log, preset, lost_customer_costs, prior, saved, ...rest } =
    config;
  const agents = Object.entries(rest.agents).map(([name, { prompt, prompt_file, ...agent }]) => [name, agent]);
  return contentHash(JSON.stringify({ ...rest, agents }));
}
