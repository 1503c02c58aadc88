import { type Slot, signal } from '../signal.ts';
import { type Category, CONFIDENCES, type Confidence, type Evidence } from '../types.ts';
import { isModelsBusiness, isNoBadCall, named } from './model-category.ts';

interface Own {
  /** The strongest answer that spoke against the caller; of two that are equally sure, the newer. */
  readonly worst: { readonly category: Category; readonly confidence: Confidence } | null;
  readonly answers: number;
}

const sureness = (confidence: Confidence): number => CONFIDENCES.indexOf(confidence);

/**
 * What an answer is worth that a later one did not bear out: half (`-doubted` in the weights file), however often
 * that happens. All of it would hand the sum to whoever can talk the model round: a recording that goes on with "this
 * is a customer" has not unsaid its first words. None of it would leave a customer with a mistake that the model
 * itself took back. So a later answer moves the sum by half of what the first one gave, and never below the sum
 * without a classifier.
 */
const doubted = (worst: NonNullable<Own['worst']>): Evidence => ({
  level: `${worst.confidence}-doubted`,
  category: worst.category,
  reason: `the classifier took the call for ${named(worst.category)}, and was less sure later`,
});

/** What a model makes of the caller's words: asked while there is doubt, believed up to the cap of its group. */
export const llmClassifier = signal<Own>({
  name: 'llm-classifier',
  follows: 'events',
  start: { worst: null, answers: 0 },
  observe(slot, seen): Slot<Own> {
    if (seen.type !== 'classified') return slot;
    const { answer, confidence } = seen;
    if (!isModelsBusiness(answer)) return slot;
    const { worst } = slot.own;
    const answers = slot.own.answers + 1;
    const values = { answers };
    const against = answer !== 'customer' && answer !== 'unsure' && !isNoBadCall(answer);
    if (against && (worst === null || sureness(confidence) >= sureness(worst.confidence))) {
      return {
        own: { worst: { category: answer, confidence }, answers },
        evidence: {
          level: confidence,
          category: answer,
          reason: `the classifier takes the call for ${named(answer)}, with ${confidence} confidence`,
          values,
        },
      };
    }
    const own = { worst, answers };
    if (worst !== null) return { own, evidence: { ...doubted(worst), values } };
    if (answer === 'unsure') return { own, evidence: null };
    if (answer === 'customer') {
      return { own, evidence: { level: 'customer', reason: 'the classifier takes the caller for a customer', values } };
    }
    const reason = `the classifier takes the call for ${named(answer)}`;
    return { own, evidence: { level: 'hint', category: answer, reason, values } };
  },
});
