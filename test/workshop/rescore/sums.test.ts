import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Category, ScoredEvidence } from '../../../src/guard/types.ts';
import { CATEGORIES } from '../../../src/guard/types.ts';
import { pointsOf, score } from '../../../src/guard/weights.ts';
import { loadWeights } from '../../../src/weights-file.ts';
import { sumsOf } from '../../../src/workshop/rescore/sums.ts';
import { randomChange } from './edits.ts';

const names = [...Object.keys(loadWeights().weights.signals), 'unknown-signal'];

it('adds up to the last bit what score adds up, and names the same category', () => {
  const piece = fc.record({
    level: fc.nat({ max: 40 }),
    category: fc.option(fc.constantFrom<Category>(...CATEGORIES), { nil: undefined }),
    shadow: fc.boolean(),
  });
  const call = fc
    .uniqueArray(fc.constantFrom(...names), { maxLength: 12 })
    .chain((chosen) =>
      fc.tuple(fc.constant(chosen), fc.array(piece, { minLength: chosen.length, maxLength: chosen.length })),
    );
  fc.assert(
    fc.property(
      call,
      fc.nat({ max: 30 }),
      fc.double({ min: -15, max: 5, noNaN: true }),
      ([chosen, pieces], n, prior) => {
        const { weights } = randomChange(`sums ${n}`);
        const sums = sumsOf(weights);
        const evidence = chosen.map((signal, i): ScoredEvidence => {
          const { level: at = 0, category, shadow } = pieces[i] ?? {};
          const levels = Object.keys(weights.signals[signal]?.points ?? { one: 0 });
          const level = levels[at % levels.length] ?? 'one';
          const group = weights.signals[signal]?.group ?? signal;
          return {
            ...{ signal, level, group, reason: '', points: pointsOf(weights, signal, level) },
            ...(category ? { category } : {}),
            ...(shadow ? { shadow: true as const } : {}),
          };
        });
        const weighed = evidence.map(({ signal, level, category, shadow }) =>
          sums.weighed(`${signal}=${level}${category || shadow ? `/${category ?? ''}` : ''}${shadow ? '/s' : ''}`),
        );
        const verdict = score(weights, prior, evidence);
        expect(sums.pointsOf(prior, weighed)).toBe(verdict.points);
        expect(sums.categoryOf(prior, weighed)).toBe(verdict.category);
      },
    ),
    { seed: 5, numRuns: 2_000 },
  );
});
