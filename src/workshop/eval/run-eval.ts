import type { Config, Secrets } from '../../config.ts';
import { loadPrompts, type Prompts } from '../../prompts.ts';
import type { MissingAnswers } from '../answers/answers-book.ts';
import { noHttpTools } from '../no-http-tools.ts';
import { playHere } from '../play-here.ts';
import { PLAYED_PROBE_KINDS } from '../player/play-call.ts';
import type { ProbeTexts } from '../player/probe-texts.ts';
import { VirtualClock } from '../player/virtual-clock.ts';
import type { EvalCase } from './cases.ts';
import type { ModelsFor } from './eval-models.ts';
import { judge } from './judge.ts';
import type { AnswersStamp, EvalCall, Variant } from './run.ts';
import { configOf } from './variants.ts';

/** A call that goes on for longer is ended: whoever has not been hung up on by then was missed. */
export const LONGEST_CALL_MS = 10 * 60_000;

/** Where the answers of a call came from, and which were not there. */
export interface AnswersOfCall {
  readonly used: readonly AnswersStamp[];
  readonly missing: readonly MissingAnswers[];
}

export interface EvalRunOptions {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly asrNoise: boolean;
  /** Calls at a time. The results do not depend on it. */
  readonly concurrency: number;
  readonly modelsFor: ModelsFor;
  /** Called as each call ends, in that order. What it throws ends the run. */
  readonly onCall: (call: EvalCall, answers: AnswersOfCall) => void;
  /** True: no more calls are begun. */
  readonly stopped?: () => boolean;
}

/** What the calls of a variant have in common. */
interface Stage {
  readonly config: Config;
  readonly probeTexts: ProbeTexts;
}

/** Plays the cases, each on a clock and against a guard of its own, and judges them. */
export async function runEval(cases: readonly EvalCase[], options: EvalRunOptions): Promise<void> {
  const stages = new Map<Variant, Stage>();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (options.stopped?.() !== true) {
      const one = cases[next++];
      if (one === undefined) return;
      const stage = stages.get(one.variant) ?? stageOf(options.config, one.variant);
      stages.set(one.variant, stage);
      await playCase(one, stage, options);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.concurrency) }, worker));
}

async function playCase(one: EvalCase, stage: Stage, options: EvalRunOptions): Promise<void> {
  const clock = new VirtualClock();
  const models = options.modelsFor({ repeat: one.repeat, clock });
  try {
    const [played] = await playHere([one.scenario], {
      clock,
      hold: models.hold,
      guard: { config: stage.config, secrets: options.secrets, wrapModel: models.wrapModel, toolFetch: noHttpTools },
      seed: one.seed,
      probeTexts: stage.probeTexts,
      asrNoise: options.asrNoise,
      concurrency: 1,
      maxCallMs: LONGEST_CALL_MS,
    });
    if (played === undefined) throw new Error(`${one.key} was not played`);
    const { result, record } = played;
    const missing = models.missing();
    options.onCall(
      {
        key: one.key,
        variant: one.variant.id,
        repeat: one.repeat,
        hash: one.hash,
        tags: one.scenario.tags ?? [],
        direction: one.scenario.direction,
        knownMiss: one.scenario.knownMiss ?? null,
        wrong: judge(result, record),
        result,
        record,
        unrecorded: missing.reduce((sum, { requests }) => sum + requests, 0),
      },
      { used: models.used(), missing },
    );
  } finally {
    models.close();
  }
}

function stageOf(config: Config, variant: Variant): Stage {
  const own = configOf(config, variant);
  return { config: own, probeTexts: probeTextsOf(loadPrompts(own.prompts_dir)) };
}

/** What the guard may ask in the words of these prompts, so that people can answer. */
function probeTextsOf(prompts: Prompts): ProbeTexts {
  return Object.fromEntries(
    prompts.languages.map((language) => [
      language,
      Object.fromEntries(PLAYED_PROBE_KINDS.map((kind) => [kind, prompts.texts(language, kind)])),
    ]),
  );
}
