import { type BlameContext, type Blamed, pick, type Scene } from './blame-context.ts';
import { blamePrompt } from './blame-prompt.ts';
import { blameStep, blameSums } from './blame-sums.ts';
import { CAUSES, type Cause } from './diff.ts';
import { answerDifference, ladderDifference, levelDifference, wordsDifference } from './divergence.ts';
import type { CallPair } from './match-calls.ts';

export { type BlameContext, type Blamed, blameContext } from './blame-context.ts';

/**
 * The likely cause of a call that came out differently. Only what was edited is blamed; where several things were, the
 * first moment decides at which the two records part: same evidence with other points, same points with another
 * threshold, other words of the agent, other evidence.
 */
export function blame(pair: CallPair, context: BlameContext): Blamed {
  const { a, b } = pair;
  if (a.hash !== b.hash) return { cause: 'fixture', why: whyFixture(pair, context) };
  if (a.record === null || b.record === null) return lastly(pair, context, 'one of the runs has no record of the call');
  const step = ladderDifference(a.record, b.record);
  const scene: Scene = {
    pair,
    context,
    step,
    words: wordsDifference(a, b),
    levels: levelDifference(a.record, b.record, step),
    answer: answerDifference(a.record, b.record),
  };
  return (
    blameStep(scene) ??
    blamePrompt(scene) ??
    blameLevels(scene) ??
    blameSums(scene) ??
    lastly(pair, context, whatDiffers(scene))
  );
}

function whyFixture({ a, b }: CallPair, { a: from, b: to }: BlameContext): string {
  const { seed: was } = from.run.plan;
  const { seed: is } = to.run.plan;
  if (was !== is) return `fixture: played with seed ${is} in place of ${was}, which makes it another call`;
  if (from.run.plan.asrNoise !== to.run.plan.asrNoise) return 'fixture: played with other noise of the ASR';
  if (JSON.stringify(a.result.expect) !== JSON.stringify(b.result.expect)) {
    return 'fixture: edited, and something else is expected of the call';
  }
  return 'fixture: the scenario was edited, or how it is played';
}

/** Other evidence of the same words can only come from the code or the configuration. */
function blameLevels({ pair, context, levels, words, step }: Scene): Blamed | null {
  if (levels === null) return null;
  const before = words !== null && words.turn < levels.turn && (step === null || words.turn < step.turn);
  // The agent had said something else by then: then the caller did, too.
  if (before) return null;
  const what = `${levels.signal} ${levels.a ?? 'not seen'} → ${levels.b ?? 'not seen'} at turn ${levels.turn}`;
  const hidden = levels.a === null || levels.b === null || `${levels.a}${levels.b}`.includes('in shadow');
  const edited = (cause: Cause): boolean => isEdited(cause, pair, context);
  const cause = pick(hidden && !edited('code') ? ['config', 'code'] : ['code', 'config'], edited);
  return cause === null ? null : { cause, why: `${NAMES[cause]}; ${what}` };
}

const NAMES: Readonly<Record<Cause, string>> = {
  fixture: 'fixture: edited',
  code: 'code: the guard is another version',
  config: 'config: edited',
  weights: 'weights: edited',
  thresholds: 'thresholds: edited',
  prompt: 'prompt: edited',
  answers: 'answers: the model answered differently',
  noise: 'noise: nothing that is known differs',
};

function isEdited(cause: Cause, { b }: CallPair, { edits }: BlameContext): boolean {
  switch (cause) {
    case 'code':
      return edits.code;
    case 'config':
      return edits.configs.includes(b.variant);
    case 'weights':
      return edits.weights.length > 0;
    case 'thresholds':
      return edits.thresholds.some(({ variant }) => variant === b.variant);
    case 'prompt':
      return edits.prompts.some(({ variant }) => variant === b.variant);
    default:
      return false;
  }
}

/** Nothing in the records names the cause: what was edited, in the order of `CAUSES`; else the answers of the model. */
function lastly(pair: CallPair, context: BlameContext, what: string): Blamed {
  const modelled = isModelled(pair);
  // What a model says differs by itself. An edit that shows nowhere is not blamed for it.
  const blamed = modelled && what.startsWith('the agent said') ? [] : CAUSES;
  const cause = pick(blamed, (one) => isEdited(one, pair, context));
  if (cause !== null) return { cause, why: `${NAMES[cause]}; ${what}` };
  if (modelled && (context.edits.answers || what.startsWith('the agent said'))) {
    return { cause: 'answers', why: `${NAMES.answers}; ${what}` };
  }
  return { cause: 'noise', why: `${NAMES.noise}; ${what}` };
}

const isModelled = ({ a, b }: CallPair): boolean => [a, b].some(({ record }) => (record?.models ?? []).length > 0);

function whatDiffers({ words, step, levels, answer }: Scene): string {
  if (words !== null && (step === null || words.turn < step.turn))
    return `the agent said something else at turn ${words.turn}`;
  if (levels !== null) return `other evidence of ${levels.signal} at turn ${levels.turn}`;
  if (answer !== null) return `the answer to the question at turn ${answer.turn} was ${answer.b}, not ${answer.a}`;
  if (step !== null) return `the ladders part at turn ${step.turn}`;
  return 'neither record shows how';
}
