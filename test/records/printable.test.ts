import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableJson } from '../../src/records/printable.ts';

describe('printable', () => {
  it.each([
    ['\u001b[2J\u001b[1;1Hpwned', 'pwned'],
    ['a\u001b]0;title\u0007b', 'ab'],
    ['a\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\b', 'alinkb'],
    ['a\u009b31mred', 'ared'],
    ['line\r\nbreak\ttab', 'line break tab'],
    ['abc\u202ecba', 'abccba'],
    ['plain – ünïcode 😀', 'plain – ünïcode 😀'],
  ])('%j becomes %j', (text, clean) => {
    expect(printable(text)).toBe(clean);
  });

  it('never lets a control character through and keeps to its length', () => {
    const hostile = fc.string({
      unit: fc.oneof(fc.constantFrom('\u001b', '[', ']', '\u009b', ';', 'm', '\u0007', '😀'), fc.string()),
    });
    fc.assert(
      fc.property(hostile, (text) => {
        expect(printable(text, 40)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        expect(printable(text, 40).length).toBeLessThanOrEqual(40);
      }),
    );
  });

  it('writes JSON that parses to the same value and holds nothing for a terminal', () => {
    const value = { quote: 'a\u009b31m\u202e\u001b[2J\u007f' };
    const json = printableJson(value);
    expect(JSON.parse(json)).toEqual(value);
    expect(json).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });
});
