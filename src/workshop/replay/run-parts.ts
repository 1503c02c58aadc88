import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type Config, loadConfig } from '../../config.ts';
import { PRESETS, type Preset } from '../../guard/policy.ts';
import { SIGNAL_NAMES } from '../../guard/signals/index.ts';
import { loadPrompts } from '../../prompts.ts';
import { printable } from '../../records/printable.ts';
import { loadWeights } from '../../weights-file.ts';
import type { EvalRun, VariantStamp } from '../eval/run.ts';
import { RunError } from '../eval/run-error.ts';
import { stampOf } from '../eval/stamp.ts';
import { configOf, variantsOf } from '../eval/variants.ts';
import type { ReplayParts } from './replay-policies.ts';

/** What is to be used instead of what the run was played with. */
export interface Instead {
  readonly config?: Config;
  readonly weightsFile?: string;
}

/**
 * What the calls of a kept run are replayed under, by the id of their variant: its own plan, but for what is named.
 * Null: the run has no such variant.
 * @throws ConfigError, RunError when the plan's files cannot be used any more.
 */
export function runParts(run: EvalRun, instead: Instead): (variantId: string) => ReplayParts | null {
  const { plan } = run;
  if (instead.config === undefined) {
    checkThere(plan.config);
    if (instead.weightsFile === undefined) checkThere(plan.weights);
  }
  const read = instead.config ?? loadConfig(plan.config ?? undefined, { knownSignals: SIGNAL_NAMES });
  const planned = instead.config === undefined ? plan.weights : null;
  const weightsFile = instead.weightsFile ?? planned ?? read.weights_file;
  const base: Config = { ...read, ...(weightsFile === undefined ? {} : { weights_file: weightsFile }) };
  const weights = loadWeights(base.weights_file);
  const variants = variantsOf(plan, base);
  const kept = new Map<string, ReplayParts | null>();
  return (id) => {
    let parts = kept.get(id);
    if (parts === undefined) {
      const variant = variants.find((one) => one.id === id);
      const stamped = run.stamp.variants.find((one) => one.id === id);
      const { lost_customer_costs: _costs, ...unpriced } = base;
      const priced = instead.config || !stamped ? base : { ...unpriced, ...priceOf(stamped.preset) };
      const config = variant ? configOf(priced, variant) : null;
      const own = variant && stampOf(priced, [variant], new Set(Object.keys(priced.agents).slice(0, 1))).variants[0];
      const sameConfig = own !== undefined && own.config === stamped?.config && isPriced(own, stamped);
      const prompts = config && loadPrompts(config.prompts_dir);
      parts = config && prompts ? { config, weights, prompts, listsAsRecorded: true, sameConfig } : null;
      kept.set(id, parts);
    }
    return parts;
  };
}

/** A plan has its paths as they were written, from the working directory of the eval. */
function checkThere(file: string | null): void {
  if (file === null || existsSync(file)) return;
  throw new RunError(
    `${printable(file)}: no such file`,
    'the path is the one that the run was played with, from its working directory; --weights and --config replace it',
  );
}

const isPriced = (one: VariantStamp, other: VariantStamp): boolean =>
  isDeepStrictEqual(one.thresholds, other.thresholds) && one.priorPoints === other.priorPoints;

/** A preset by its name, or a price of the user's own. */
function priceOf(preset: string): Partial<Config> {
  if (Object.hasOwn(PRESETS, preset)) return { preset: preset as Preset };
  const costs = Number(preset);
  return Number.isFinite(costs) && costs > 0 ? { lost_customer_costs: costs } : {};
}
