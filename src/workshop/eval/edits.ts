import type { Edits, PromptChange } from './diff.ts';
import { lineChanges } from './line-changes.ts';
import { matchCalls, matchVariants, type VariantPair } from './match-calls.ts';
import type { AnswersStamp, LoadedRun, RunStamp } from './run.ts';
import { weightChanges } from './weight-changes.ts';

/** Thresholds and the prior are logarithms: what differs by less than this is the same. */
const SAME_POINTS = 1e-6;

/** Everything that was edited between two runs and that a verdict can hang on. */
export function editsOf(a: LoadedRun, b: LoadedRun): Edits {
  const [from, to] = [a.run.stamp, b.run.stamp];
  const variants = matchVariants(a.run, b.run);
  const { both } = matchCalls(a, b);
  const weights = from.weights.hash === to.weights.hash ? [] : weightChanges(from.weights.content, to.weights.content);
  const thresholds = variants.flatMap(thresholdChanges);
  const prompts = variants.flatMap((pair) => promptChanges(pair, from, to));
  // The hash leaves out what is stamped on its own: weights, thresholds and prompts.
  const configs = variants.filter(({ a, b }) => a.config !== b.config || !same(a.responders, b.responders));
  return {
    weights,
    thresholds,
    prompts,
    configs: configs.map(({ name }) => name),
    code: from.code !== to.code || from.guard !== to.guard,
    fixtures: both.filter(({ a, b }) => a.hash !== b.hash).map(({ key }) => key),
    answers: answersKey(from.answers) !== answersKey(to.answers),
  };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function thresholdChanges({ name: variant, a, b }: VariantPair): Edits['thresholds'] {
  const numbers = [
    { name: 'probe', from: a.thresholds.probe, to: b.thresholds.probe },
    { name: 'closing', from: a.thresholds.closing, to: b.thresholds.closing },
    { name: 'hang-up', from: a.thresholds.hangUp, to: b.thresholds.hangUp },
    { name: 'prior', from: a.priorPoints, to: b.priorPoints },
  ].filter(({ from, to }) => Math.abs(from - to) > SAME_POINTS);
  const preset = a.preset === b.preset ? [] : [{ name: 'preset', from: a.preset, to: b.preset }];
  return [...preset, ...numbers].map((change) => ({ ...change, variant }));
}

function promptChanges({ name: variant, a, b }: VariantPair, from: RunStamp, to: RunStamp): PromptChange[] {
  const before = new Map(a.prompts.map(({ id, hash }) => [id, hash]));
  const after = new Map(b.prompts.map(({ id, hash }) => [id, hash]));
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((id) => {
    const [was, is] = [before.get(id), after.get(id)];
    if (was === is) return [];
    const unread = !id.startsWith('probes/') && b.responders.every(({ model }) => model === undefined);
    const lines = lineChanges(textOf(from, was), textOf(to, is));
    return [{ id, variant, ...(unread ? { unread: true as const } : {}), lines }];
  });
}

/** A prompt that came or went has no text on one side: every line of it is added or removed. */
const textOf = ({ texts }: RunStamp, hash: string | undefined): string =>
  hash !== undefined && Object.hasOwn(texts, hash) ? (texts[hash] ?? '') : '';

const answersKey = (stamps: readonly AnswersStamp[]): string =>
  stamps
    .map(({ type, model, endpoint, recordedFrom, recordedTo }) =>
      JSON.stringify([type, model, endpoint, recordedFrom, recordedTo]),
    )
    .sort()
    .join('\n');
