import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashWord, hashWords, hasWord, overlap, overlapsBy, vocabularyOf } from '../../src/guard/vocabulary.ts';

const of = (text: string) => vocabularyOf(hashWords(text.split(' ').filter((word) => word !== '')));
/** Few of them, so that utterances share some; up to 60, so that both ways of sorting are met. */
const hashes = fc.array(
  fc.integer({ min: -12, max: 12 }).map((n) => Math.imul(n, 0x9e3779b1)),
  { maxLength: 60 },
);

describe('vocabulary', () => {
  it('holds every distinct word once, in ascending order', () => {
    fc.assert(
      fc.property(hashes, (list) => {
        expect(vocabularyOf(list)).toEqual([...new Set(list)].sort((a, b) => a - b));
      }),
    );
  });

  it('knows its words', () => {
    fc.assert(
      fc.property(hashes, fc.integer(), (list, other) => {
        const words = vocabularyOf(list);
        for (const hash of [...list, other]) expect(hasWord(words, hash)).toBe(list.includes(hash));
      }),
    );
  });

  it('hashes a word to a signed 32-bit integer, the same each time', () => {
    expect(hashWord('representative')).toBe(hashWord('representative'));
    expect(hashWord('')).toBe(0x811c9dc5 | 0);
    fc.assert(
      fc.property(fc.string(), (word) => {
        expect(hashWord(word)).toBe(hashWord(word) | 0);
      }),
    );
  });
});

describe('overlap', () => {
  it('is the share of distinct words in common', () => {
    expect(overlap(of('a b c'), of('b c d'))).toBe(0.5);
    expect(overlap(of('a a b'), of('b a'))).toBe(1);
    expect(overlap(of('a'), of('b'))).toBe(0);
  });

  it('of nothing is nothing', () => {
    expect(overlap(of(''), of(''))).toBe(0);
    expect(overlap(of('a'), of(''))).toBe(0);
  });

  it('is at least a share exactly when it is', () => {
    fc.assert(
      fc.property(hashes, hashes, fc.constantFrom(0.5, 0.7, 0.72, 0.8, 1), (one, other, share) => {
        const [a, b] = [vocabularyOf(one), vocabularyOf(other)];
        expect(overlapsBy(a, b, share)).toBe(overlap(a, b) >= share);
      }),
      { numRuns: 2_000 },
    );
  });
});
