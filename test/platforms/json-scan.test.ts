import { describe, expect, it } from 'vitest';
import { endOfElement } from '../../src/platforms/json-scan.ts';

describe('endOfElement', () => {
  it.each<[string, number, string]>([
    ['1,22,3]', 1, '1'],
    ['1,22,3]', 2, '1,22'],
    ['1,22,3]', 3, '1,22,3'],
    ['{"a":[1,2],"b":{}},5]', 1, '{"a":[1,2],"b":{}}'],
    ['"],[",5]', 1, '"],["'],
    ['"\\"",5]', 1, '"\\""'],
    ['"\\\\",5]', 1, '"\\\\"'],
    ['"\u00e9\u{1f600},",5]', 1, '"\u00e9\u{1f600},"'],
    [' 1 , 2 ]', 1, ' 1 '],
  ])('of %s: %i elements are %s', (content, count, elements) => {
    const bytes = Buffer.from(`[${content}`);
    expect(bytes.toString('utf8', 1, endOfElement(bytes, 1, count))).toBe(elements);
  });

  it.each([
    ['1,2]', 3],
    ['1,2', 2],
    ['"1,2', 1],
    ['"\\', 1],
    ['', 1],
  ])('of %s: there are no %i elements', (content, count) => {
    expect(endOfElement(Buffer.from(content), 0, count)).toBe(-1);
  });
});
