import type { Cause, Edits } from './diff.ts';
import type { answerDifference, LadderDifference, LevelDifference, WordsDifference } from './divergence.ts';
import { type CallPair, matchVariants } from './match-calls.ts';
import type { LoadedRun } from './run.ts';
import type { Scale } from './sums.ts';

/** Two runs and what was edited between them: the same for all of their calls. */
export interface BlameContext {
  readonly a: LoadedRun;
  readonly b: LoadedRun;
  readonly edits: Edits;
  /** What each of them counts with, by the variant of the second. */
  readonly scales: ReadonlyMap<string, { readonly a: Scale; readonly b: Scale }>;
}

export interface Blamed {
  readonly cause: Cause;
  /** One sentence: the edit, and by which signal or threshold it came to this call. */
  readonly why: string;
}

/** Where two runs of one call part. */
export interface Scene {
  readonly pair: CallPair;
  readonly context: BlameContext;
  readonly step: LadderDifference | null;
  readonly words: WordsDifference | null;
  readonly levels: LevelDifference | null;
  readonly answer: ReturnType<typeof answerDifference>;
}

export function blameContext(a: LoadedRun, b: LoadedRun, edits: Edits): BlameContext {
  const scales = matchVariants(a.run, b.run).map(
    (pair) =>
      [pair.name, { a: { stamp: a.run.stamp, variant: pair.a }, b: { stamp: b.run.stamp, variant: pair.b } }] as const,
  );
  return { a, b, edits, scales: new Map(scales) };
}

export const pick = (causes: readonly Cause[], edited: (cause: Cause) => boolean): Cause | null =>
  causes.find(edited) ?? null;
