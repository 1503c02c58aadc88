import fc from 'fast-check';
import type { Seen } from '../../../src/guard/signal.ts';
import { llmClassifier } from '../../../src/guard/signals/llm-classifier.ts';
import { modelReport } from '../../../src/guard/signals/model-report.ts';
import {
  CATEGORIES,
  type Classified,
  CONFIDENCES,
  type Evidence,
  type ScoredEvidence,
} from '../../../src/guard/types.ts';
import { pointsOf, score } from '../../../src/guard/weights.ts';
import { loadWeights } from '../../../src/weights-file.ts';
import { evidenceAfter } from './signal-kit.ts';

export const { weights } = loadWeights();

/** An answer of the classifier. */
export const classified = (answer: Classified, confidence: (typeof CONFIDENCES)[number] = 'high'): Seen => ({
  type: 'classified',
  answer,
  confidence,
});

const confidence = fc.constantFrom(...CONFIDENCES);
/** Whatever models may say, in any order. */
export const modelSays: fc.Arbitrary<Seen[]> = fc.array(
  fc.oneof(
    fc.record({
      type: fc.constant('classified' as const),
      answer: fc.constantFrom<Classified>(...CATEGORIES, 'customer', 'unsure'),
      confidence,
    }),
    fc.record({
      type: fc.constant('reported' as const),
      category: fc.constantFrom(...CATEGORIES),
      confidence,
      quoted: fc.boolean(),
    }),
  ),
  { maxLength: 12 },
);

const scored = (signal: string, evidence: Evidence | null): ScoredEvidence[] =>
  evidence
    ? [
        {
          ...evidence,
          signal,
          group: weights.signals[signal]?.group ?? '',
          points: pointsOf(weights, signal, evidence.level),
        },
      ]
    : [];

/** The evidence of both signals with their points, as the verdict gets it. */
export const modelEvidence = (seen: readonly Seen[]): ScoredEvidence[] => [
  ...scored('llm-classifier', evidenceAfter(llmClassifier, seen)),
  ...scored('model-report', evidenceAfter(modelReport, seen)),
];

/** Points of the group alone, above the prior. */
export const modelPoints = (seen: readonly Seen[]): number => score(weights, 0, modelEvidence(seen)).points;
