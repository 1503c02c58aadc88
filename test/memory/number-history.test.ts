import { describe, expect, it } from 'vitest';
import { type EarlierCall, numberHistory } from '../../src/memory/number-history.ts';

function call(startedAt: number, outcome: string, category: string | null = null): EarlierCall {
  return { startedAt, endedAt: startedAt + 5, outcome, category };
}

describe('numberHistory', () => {
  it('knows nothing of a number without calls', () => {
    expect(numberHistory([])).toBeNull();
  });

  it('counts, in any order', () => {
    const calls = [
      call(30, 'completed'),
      call(10, 'hung_up', 'silent'),
      call(20, 'hung_up', 'toll_fraud'),
      call(5, 'caller_left'),
    ];
    const expected = {
      calls: 4,
      completed: 1,
      hungUp: 2,
      lastCallAt: 30,
      lastHungUpAt: 25,
      lastCategory: 'toll_fraud',
      passUsed: true,
    };
    expect(numberHistory(calls)).toEqual(expected);
    expect(numberHistory([...calls].reverse())).toEqual(expected);
  });

  it('gives the pass again after the next hang-up', () => {
    const before = [call(10, 'hung_up', 'silent')];
    expect(numberHistory(before)?.passUsed).toBe(false);
    const used = [...before, call(20, 'caller_left')];
    expect(numberHistory(used)?.passUsed).toBe(true);
    expect(numberHistory([...used, call(30, 'hung_up', 'silent')])?.passUsed).toBe(false);
  });

  it('leaves out a category that this version does not know', () => {
    expect(numberHistory([call(10, 'hung_up', 'from_the_future')])).not.toHaveProperty('lastCategory');
  });
});
