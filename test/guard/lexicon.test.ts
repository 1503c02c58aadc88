import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileLexicon, expandPattern, type Found, type Hit, type Lexicon, scan } from '../../src/guard/lexicon.ts';

const hitsIn = (lexicon: Lexicon, words: readonly string[]): readonly Hit[] => scan(lexicon, words).hits;

const find = (patterns: readonly string[], text: string): readonly Hit[] =>
  hitsIn(compileLexicon({ x: patterns }), text.split(' '));
const ranges = (patterns: readonly string[], text: string): [number, number][] =>
  find(patterns, text).map(({ from, to }) => [from, to]);

describe('expandPattern', () => {
  it.each([
    ['a b', ['a b']],
    ['(a|b) c', ['a c', 'b c']],
    ['a (b c|) d', ['a b c d', 'a d']],
    ['(a|b) (c|d)', ['a c', 'a d', 'b c', 'b d']],
    ['(a|(b|c) d) e', ['a e', 'b d e', 'a e', 'c d e']],
    ['a ~2 b', ['a b', 'a * b', 'a * * b']],
    ['', ['']],
  ])('%j', (pattern, sequences) => {
    expect(expandPattern(pattern).map((one) => one.join(' '))).toEqual(sequences);
  });

  it.each(['(a|b', 'a) b', '(a|b))', 'a|b', 'a ~9 b', 'a ~0 b', 'a ~x b'])('refuses %j', (pattern) => {
    expect(() => expandPattern(pattern)).toThrow(/phrase/);
  });
});

describe('compileLexicon', () => {
  it.each(['', '*', '~3', '(a|)'])('refuses %j, which would match anything', (pattern) => {
    expect(() => compileLexicon({ x: [pattern] })).toThrow(/empty phrase/);
  });

  it('folds phrases as the words of callers are folded', () => {
    expect(find(['Drücken Sie', "l'hôtel"], 'drucken sie lhotel')).toHaveLength(2);
  });
});

describe('scan', () => {
  it.each([
    [['press #'], 'please press one now', [[1, 3]]],
    [['press #'], 'please press 12 now', [[1, 3]]],
    [['press #'], 'please press button now', []],
    [['按 #'], '请 按 一', [[1, 3]]],
    [['a * c'], 'a b c', [[0, 3]]],
    [['a * c'], 'a c', []],
    [['a ~2 d'], 'a b c d', [[0, 4]]],
    [['a ~2 d'], 'a b c x d', []],
    [['a b', 'a b c'], 'a b c', [[0, 3]]],
    // Hits of one tag that overlap are one hit.
    [['a b', 'b c'], 'a b c', [[0, 3]]],
    [
      ['a b'],
      'a b a b',
      [
        [0, 2],
        [2, 4],
      ],
    ],
  ] as const)('%j in %j', (patterns, text, expected) => {
    expect(ranges(patterns, text)).toEqual(expected);
  });

  it('finds phrases of different tags at the same place', () => {
    const lexicon = compileLexicon({ one: ['a b'], two: ['a b c'] });
    expect(hitsIn(lexicon, ['a', 'b', 'c']).map(({ tag }) => tag)).toEqual(['one', 'two']);
  });

  it('over a text that grows or is corrected finds what it finds in the whole text', () => {
    const lexicon = compileLexicon({
      one: ['a b', 'a ~2 c', 'b * b'],
      two: ['a b c (a|)', '# a', 'c c'],
      three: ['b', 'c ~1 # b'],
    });
    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'one', 'x'), { maxLength: 14 });
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 5 }), words, (versions, last) => {
        let before: string[] = [];
        let found: Found | undefined;
        for (const version of [...versions, last]) {
          let stable = 0;
          while (stable < before.length && stable < version.length && before[stable] === version[stable]) stable++;
          found = scan(lexicon, version, found, stable);
          before = version;
        }
        const sorted = (list: readonly Hit[]) =>
          [...list].sort((a, b) => a.tag.localeCompare(b.tag) || a.from - b.from || a.to - b.to);
        const whole = scan(lexicon, last);
        expect(sorted(found?.hits ?? [])).toEqual(sorted(whole.hits));
        expect(found?.reach).toHaveLength(last.length);
      }),
      { numRuns: 3_000 },
    );
  });
});
