import { describe, expect, it } from 'vitest';
import { DaySpending, noUsage, withAnswer } from '../../src/classifier/spending.ts';
import { HandClock, HOUR_MS, usage } from './classifier-kit.ts';

describe('what a day may cost', () => {
  it('is bounded by questions and by cost', () => {
    const clock = new HandClock();
    const spending = new DaySpending(() => clock.now());
    expect(spending.allows({ perDay: 1 })).toBe(true);
    spending.asked();
    expect(spending.allows({ perDay: 1 })).toBe(false);
    expect(spending.allows({ perDay: 2, costPerDay: 0.5 })).toBe(true);
    spending.paid(0.5);
    expect(spending.allows({ perDay: 2, costPerDay: 0.5 })).toBe(false);
    expect(spending.allows({ perDay: 2 })).toBe(true);
    expect(spending.today()).toEqual({ questions: 1, cost: 0.5 });
  });

  it('begins anew at midnight UTC, and only then', () => {
    const clock = new HandClock();
    const spending = new DaySpending(() => clock.now());
    spending.asked();
    spending.paid(3);
    clock.pass(12 * HOUR_MS - 1);
    expect(spending.today()).toEqual({ questions: 1, cost: 3 });
    clock.pass(1);
    expect(spending.today()).toEqual({ questions: 0, cost: 0 });
    spending.asked();
    // Put back over midnight: the day before is not given out again.
    clock.pass(-HOUR_MS);
    expect(spending.today()).toEqual({ questions: 1, cost: 0 });
  });
});

describe('the usage of a call', () => {
  it('adds up; without prices there is no cost', () => {
    const none = noUsage('test-model');
    expect(withAnswer(withAnswer(none, usage(null)), usage(null))).toEqual({
      model: 'test-model',
      requests: 0,
      inputTokens: 200,
      cachedTokens: 100,
      outputTokens: 20,
      cost: null,
    });
    expect(withAnswer(withAnswer(none, usage(null)), usage(0.25)).cost).toBe(0.25);
  });

  it('is not moved by what no server can mean', () => {
    const odd = {
      model: 'x',
      inputTokens: Number.NaN,
      cachedTokens: -5,
      outputTokens: Number.POSITIVE_INFINITY,
      cost: -1,
    };
    expect(withAnswer(noUsage('x'), odd)).toMatchObject({ inputTokens: 0, cachedTokens: 0, outputTokens: 0, cost: 0 });
  });
});
