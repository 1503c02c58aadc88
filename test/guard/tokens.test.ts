import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonPrefix, tokenize } from '../../src/guard/tokens.ts';

describe('tokenize', () => {
  it.each([
    ['Hello, World!', ['hello', 'world']],
    ["I'm here; don't go", ['im', 'here', 'dont', 'go']],
    ['I’m here', ['im', 'here']],
    ['¿Está aquí, señor?', ['esta', 'aqui', 'senor']],
    ['Œuvre à Noël', ['œuvre', 'a', 'noel']],
    ['drücken Sie', ['drucken', 'sie']],
    ['đổi lịch', ['doi', 'lich']],
    ['请按1', ['请', '按', '1']],
    ['你好，world', ['你', '好', 'world']],
    ['मैं यहाँ', ['मैं', 'यहाँ']],
    ['أنا هنا', ['أنا', 'هنا']],
    ['press 1-800 now', ['press', '1', '800', 'now']],
    ['...', []],
    ["''", []],
    ['', []],
  ])('%s', (text, words) => {
    expect(tokenize(text).words).toEqual(words);
  });

  it('knows where each word stands in the text', () => {
    const text = ' Où, est  l’hôtel ?';
    const { words, starts, ends } = tokenize(text);
    expect(words).toEqual(['ou', 'est', 'lhotel']);
    expect(words.map((_, i) => text.slice(starts[i], ends[i]))).toEqual(['Où', 'est', 'l’hôtel']);
  });

  it('reads only what is new, with the same result as reading all', () => {
    const char = fc.constantFrom(
      'a',
      'B',
      'é',
      ' ',
      ' ',
      "'",
      '’',
      '好',
      '1',
      '.',
      'अ',
      'ي',
      '\ud83d',
      '\ude00',
      '\u0301',
    );
    const text = fc.array(char, { maxLength: 30 }).map((chars) => chars.join(''));
    fc.assert(
      fc.property(text, text, text, (head, oldTail, newTail) => {
        const before = head + oldTail;
        const after = head + newTail;
        expect(tokenize(after, tokenize(before), commonPrefix(before, after))).toEqual(tokenize(after));
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves the earlier tokens as they were', () => {
    const before = tokenize('one two');
    tokenize('one two three', before, 7);
    expect(before.words).toEqual(['one', 'two']);
  });
});

describe('commonPrefix', () => {
  it.each([
    ['', 'abc', 0],
    ['abc', 'abcd', 3],
    ['abc', 'abd', 2],
    ['abcd', 'abc', 3],
    ['xyz', 'abc', 0],
  ])('of %j and %j is %i', (a, b, length) => {
    expect(commonPrefix(a, b)).toBe(length);
  });
});
