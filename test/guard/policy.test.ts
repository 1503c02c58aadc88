import { describe, expect, it } from 'vitest';
import { DEFAULT_ACTIONS, PRESETS, thresholds } from '../../src/guard/policy.ts';
import { CATEGORIES } from '../../src/guard/types.ts';

describe('thresholds', () => {
  it('follow from the price of a lost customer', () => {
    expect(thresholds(100, 9)).toEqual({ probe: 0, closing: 11, hangUp: 20 });
    expect(thresholds(1_000, 9).hangUp).toBeCloseTo(30);
  });

  it.each(Object.entries(PRESETS))('of %s stand in the order of the rungs', (_name, price) => {
    const { probe, closing, hangUp } = thresholds(price, 9);
    expect(probe).toBeLessThan(closing);
    expect(closing).toBeLessThan(hangUp);
  });

  it('are higher the more a customer is worth', () => {
    const [cautious, balanced, eager] = [PRESETS.cautious, PRESETS.balanced, PRESETS.eager].map((price) =>
      thresholds(price, 9),
    );
    for (const rung of ['probe', 'closing', 'hangUp'] as const) {
      expect(cautious?.[rung]).toBeGreaterThan(balanced?.[rung] ?? Number.NaN);
      expect(balanced?.[rung]).toBeGreaterThan(eager?.[rung] ?? Number.NaN);
    }
  });
});

it('there is an action for every category', () => {
  expect(Object.keys(DEFAULT_ACTIONS).sort()).toEqual([...CATEGORIES].sort());
});
