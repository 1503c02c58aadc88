import { z } from 'zod';
import type { Category, ScoredEvidence, Verdict } from './types.ts';

const groupSchema = z.strictObject({ min: z.number().max(0), max: z.number().min(0), why: z.string() });
const signalSchema = z.strictObject({
  group: z.string(),
  why: z.string(),
  points: z.record(z.string(), z.number().min(-60).max(60)),
});

/** The weights file: points by signal and level, groups with their caps. */
export const weightsSchema = z
  .strictObject({
    version: z.number().int(),
    note: z.string(),
    groups: z.record(z.string(), groupSchema),
    signals: z.record(z.string(), signalSchema),
  })
  .superRefine((weights, ctx) => {
    for (const [name, { group }] of Object.entries(weights.signals)) {
      if (!(group in weights.groups))
        ctx.addIssue({ code: 'custom', path: ['signals', name, 'group'], message: `no such group: ${group}` });
    }
  });
export type Weights = z.infer<typeof weightsSchema>;

/** Points by which two likelihoods differ: 10*log10. */
export const toPoints = (odds: number): number => 10 * Math.log10(odds);

/** Probability 0..1 of a sum of points that includes the prior. */
export const toProbability = (points: number): number => {
  const odds = 10 ** (points / 10);
  return odds / (1 + odds);
};

/** Names and levels that the weights know. A signal or level that is missing scores 0. */
export const pointsOf = (weights: Weights, signal: string, level: string): number =>
  weights.signals[signal]?.points[level] ?? 0;

/**
 * Prior plus capped sums of the groups. Evidence in shadow mode is listed and does not count.
 * The category is the one with the most points of those that count; liveness evidence without a category goes to
 * `toll_fraud` when nothing else stands out.
 */
export function score(weights: Weights, priorPoints: number, evidence: readonly ScoredEvidence[]): Verdict {
  const sums = new Map<string, { sum: number; bad: number }>();
  for (const one of evidence) {
    if (one.shadow) continue;
    const group = sums.get(one.group) ?? { sum: 0, bad: 0 };
    group.sum += one.points;
    if (one.points > 0) group.bad += one.points;
    sums.set(one.group, group);
  }
  let points = priorPoints;
  for (const [name, { sum }] of sums) {
    const cap = weights.groups[name];
    points += cap ? Math.min(cap.max, Math.max(cap.min, sum)) : sum;
  }
  const byCategory = new Map<Category, number>();
  let unnamed = 0;
  for (const one of evidence) {
    if (one.shadow || one.points < 0 || one.group === 'model') continue;
    const cap = weights.groups[one.group];
    const group = sums.get(one.group);
    // A group over its cap is shared out in proportion.
    const share = cap && group && group.bad > cap.max ? (one.points * cap.max) / group.bad : one.points;
    if (one.category) byCategory.set(one.category, (byCategory.get(one.category) ?? 0) + share);
    else if (one.points > 0) unnamed += one.group === 'caller' ? 0 : share;
  }
  const named = evidence.filter((one) => one.group !== 'model');
  const own = leading(byCategory, unnamed, named);
  // Nothing but suspicion, or nothing at all: then a model may name it.
  const category = own !== null && byCategory.has(own) ? own : (modelsName(evidence, own === null ? 0 : 1) ?? own);
  return { points, probability: toProbability(points), category, evidence };
}

/** Whoever talks a model round does not choose what the call is called: its word is taken where nothing else has one. */
const modelsName = (evidence: readonly ScoredEvidence[], fromPoints: number): Category | null =>
  evidence
    .filter((one) => one.group === 'model' && one.category && !one.shadow && one.points >= fromPoints)
    .sort((a, b) => b.points - a.points)[0]?.category ?? null;

/** Named evidence below this is too little to call a mere suspicion of a tape anything but toll fraud. */
const NAMED_POINTS = 4;

/** What a recording is in particular: the more exact name takes over the points of the others. */
const MORE_EXACT: readonly (readonly [Category, readonly Category[]])[] = [
  ['robocall_menu', ['recorded_message']],
  ['voicemail', ['recorded_message', 'ivr_menu']],
  // An assistant that screens calls speaks much like a mailbox.
  ['call_screening', ['recorded_message', 'ivr_menu', 'voicemail']],
  ['hold_music', ['recorded_message', 'ivr_menu']],
];

function leading(
  byCategory: Map<Category, number>,
  unnamed: number,
  evidence: readonly ScoredEvidence[],
): Category | null {
  for (const [exact, others] of MORE_EXACT) {
    const sure = evidence.some((one) => one.category === exact && !one.shadow && one.level !== 'hint');
    if (!sure) continue;
    for (const other of others) {
      if (evidence.some((one) => one.category === other && one.level === 'certain' && !one.shadow)) continue;
      const points = byCategory.get(other);
      if (points === undefined) continue;
      byCategory.delete(other);
      byCategory.set(exact, (byCategory.get(exact) ?? 0) + points);
    }
  }
  let best: Category | null = null;
  let most = -1;
  for (const [category, points] of byCategory) {
    if (points > most) {
      best = category;
      most = points;
    }
  }
  if (most >= NAMED_POINTS) return best;
  return unnamed > Math.max(most, 0) ? 'toll_fraud' : best;
}
