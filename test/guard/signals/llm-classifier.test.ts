import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRESETS, thresholds } from '../../../src/guard/policy.ts';
import { llmClassifier } from '../../../src/guard/signals/llm-classifier.ts';
import { CATEGORIES } from '../../../src/guard/types.ts';
import { pointsOf, toPoints } from '../../../src/guard/weights.ts';
import { classified, modelPoints, modelSays, weights } from './model-kit.ts';
import { evidenceAfter } from './signal-kit.ts';

const evidence = (...seen: Parameters<typeof classified>[]) =>
  evidenceAfter(
    llmClassifier,
    seen.map((args) => classified(...args)),
  );
const level = (...seen: Parameters<typeof classified>[]) => evidence(...seen)?.level ?? null;

describe('an answer of the classifier', () => {
  it('that speaks against the caller counts by its confidence, under its category', () => {
    for (const confidence of ['low', 'medium', 'high'] as const) {
      const seen = evidence(['sales_pitch', confidence]);
      expect(seen).toMatchObject({ level: confidence, category: 'sales_pitch' });
      expect(seen?.reason).toBe(`the classifier takes the call for "sales pitch", with ${confidence} confidence`);
    }
  });

  it('that is unsure says nothing; a customer is listed for no points', () => {
    expect(level(['unsure', 'high'])).toBe(null);
    expect(evidence(['customer', 'high'])).toEqual({
      level: 'customer',
      reason: 'the classifier takes the caller for a customer',
      values: { answers: 1 },
    });
    expect(pointsOf(weights, 'llm-classifier', 'customer')).toBe(0);
    expect(level(['customer'], ['unsure'])).toBe(null);
    expect(level(['customer'], ['abusive'])).toBe('high');
  });

  it.each(['blocked_number', 'sanctioned_country'] as const)('of %s is no business of a model', (answer) => {
    expect(level([answer])).toBe(null);
    expect(level(['abusive', 'medium'], [answer])).toBe('medium');
  });

  it.each(['call_screening', 'ivr_menu', 'hold_music'] as const)('of %s is a hint without points', (answer) => {
    expect(evidence([answer])).toMatchObject({ level: 'hint', category: answer });
    expect(pointsOf(weights, 'llm-classifier', 'hint')).toBe(0);
  });
});

describe('a later answer', () => {
  it.each(['customer', 'unsure', 'hold_music'] as const)(
    'of %s leaves half of what an earlier one was worth, however often it comes',
    (answer) => {
      expect(level(['robocall_menu', 'high'], [answer])).toBe('high-doubted');
      expect(level(['robocall_menu', 'medium'], [answer], [answer], ['customer'])).toBe('medium-doubted');
      expect(evidence(['robocall_menu'], [answer])?.category).toBe('robocall_menu');
    },
  );

  it('that is less sure is a doubt too; one as sure takes the place of the first', () => {
    expect(evidence(['robocall_menu', 'high'], ['sales_pitch', 'low'])).toMatchObject({
      level: 'high-doubted',
      category: 'robocall_menu',
    });
    expect(evidence(['robocall_menu', 'medium'], ['sales_pitch', 'medium'])).toMatchObject({
      level: 'medium',
      category: 'sales_pitch',
    });
    expect(level(['robocall_menu', 'low'], ['customer'], ['robocall_menu', 'high'])).toBe('high');
    expect(level(['robocall_menu', 'high'], ['customer'], ['robocall_menu', 'high'])).toBe('high');
  });
});

describe('the points of models', () => {
  it('are there for every level, half for a doubted one', () => {
    const points = weights.signals['llm-classifier']?.points ?? {};
    for (const confidence of ['low', 'medium', 'high']) {
      expect(points[`${confidence}-doubted`]).toBe((points[confidence] ?? Number.NaN) / 2);
    }
    fc.assert(
      fc.property(modelSays, (seen) => {
        const found = evidenceAfter(llmClassifier, seen)?.level;
        if (found !== undefined) expect(points).toHaveProperty([found]);
      }),
    );
  });

  it('never take anything off, whatever models say, and are never talked below half', () => {
    fc.assert(
      fc.property(modelSays, (seen) => {
        let most = 0;
        for (let n = 1; n <= seen.length; n++) {
          const points = modelPoints(seen.slice(0, n));
          expect(points).toBeGreaterThanOrEqual(most / 2);
          most = Math.max(most, points);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(Object.entries(PRESETS))('alone never come to a closing sentence: %s', (_name, price) => {
    const { probe, closing } = thresholds(price, pointsOf(weights, 'probe-answers', 'closing-ignored'));
    const prior = toPoints(1 / 9);
    fc.assert(
      fc.property(modelSays, (seen) => {
        expect(prior + modelPoints(seen)).toBeLessThan(closing);
      }),
    );
    expect(prior + (weights.groups.model?.max ?? Number.NaN)).toBeLessThan(closing);
    // The middle price lets one sure answer lead to a question; the careful one wants more than a model.
    const sure = prior + modelPoints([classified('robocall_menu', 'high')]);
    if (price <= PRESETS.balanced) expect(sure).toBeGreaterThanOrEqual(probe);
    else expect(prior + (weights.groups.model?.max ?? Number.NaN)).toBeLessThan(probe);
  });

  it('count for all categories that a model may name', () => {
    const none = CATEGORIES.filter((category) => modelPoints([classified(category)]) === 0);
    expect(none.sort()).toEqual(['blocked_number', 'call_screening', 'hold_music', 'ivr_menu', 'sanctioned_country']);
  });
});
