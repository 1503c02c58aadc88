import { describe, expect, it } from 'vitest';
import { AnswerCache, questionKey } from '../../src/classifier/answer-cache.ts';

const customer = { answer: 'customer', confidence: 'high' } as const;
const unsure = { answer: 'unsure', confidence: 'low' } as const;

describe('the cache of answers', () => {
  it('forgets what was not used for longest', () => {
    const cache = new AnswerCache(2);
    cache.put('a', customer);
    cache.put('b', unsure);
    expect(cache.get('a')).toEqual(customer);
    cache.put('c', unsure);
    expect(cache.get('b')).toBe(undefined);
    expect(cache.get('a')).toEqual(customer);
    cache.put('a', unsure);
    expect(cache.get('a')).toEqual(unsure);
    expect(cache.size).toBe(2);
  });

  it('is bounded, down to nothing at all', () => {
    const cache = new AnswerCache(50);
    for (let n = 0; n < 1_000; n++) cache.put(String(n), customer);
    expect(cache.size).toBe(50);
    const none = new AnswerCache(0);
    none.put('a', customer);
    expect(none.get('a')).toBe(undefined);
  });
});

describe('the key of a question', () => {
  it('is a hash that shows no words, and is another one for another question', () => {
    const key = questionKey('model', 'system', 'call me at noon');
    expect(key).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(questionKey('model', 'system', 'call me at noon')).toBe(key);
    expect(questionKey('model', 'systemcall', ' me at noon')).not.toBe(key);
    expect(questionKey('other', 'system', 'call me at noon')).not.toBe(key);
  });
});
