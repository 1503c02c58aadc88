import { describe, expect, it } from 'vitest';
import { Reader } from './frame-reader.ts';

const said = (i: number) => ({ role: i % 2 ? 'user' : 'agent', content: `line ${i}`, words: [{ word: 'a', end: i }] });
const list = (n: number) => Array.from({ length: n }, (_, i) => said(i));
const frameOf = (transcript: unknown, rest: object = {}) =>
  JSON.stringify({ type: 'update_only', transcript, ...rest });
const transcript = (elements: string) => `{"transcript":[${elements}]}`;

describe('IncrementalDecoder', () => {
  it('parses only the newest element of a growing array', () => {
    const reader = new Reader();
    expect(reader.read(frameOf(list(10))).transcript).toBe(0);
    expect(reader.read(frameOf(list(10))).transcript).toBe(9);
    expect(reader.read(frameOf(list(11))).transcript).toBe(9);
    expect(reader.read(frameOf(list(12), { response_id: 4 })).transcript).toBe(10);
  });

  it.each([
    [9, 9],
    [8, 8],
    [7, 7],
    [6, 0],
    [0, 0],
  ])('sees a correction of element %i of 10, and parses from %i', (at, from) => {
    const reader = new Reader();
    reader.read(frameOf(list(10)));
    const corrected = list(11);
    corrected[at] = { ...said(at), content: 'LINE 1' };
    expect(reader.read(frameOf(corrected)).transcript).toBe(from);
    expect(reader.read(frameOf(corrected)).transcript).toBe(10);
  });

  it('remembers no more of a long call than of a short one', () => {
    const reader = new Reader();
    for (let n = 1; n <= 14; n++) reader.read(frameOf(list(n)));
    const corrected = list(14);
    corrected[10] = { ...said(10), content: 'LINE' };
    expect(reader.read(frameOf(corrected)).transcript).toBe(0);
  });

  it('keeps both arrays apart, in either order', () => {
    const reader = new Reader();
    const both = (n: number) => ({ transcript: list(n), transcript_with_tool_calls: [{ role: 'dtmf' }, ...list(n)] });
    const turned = (n: number) => Object.fromEntries(Object.entries(both(n)).reverse());
    reader.read(JSON.stringify(both(8)));
    expect(reader.read(JSON.stringify(both(9)))).toEqual({ transcript: 7, transcript_with_tool_calls: 8 });
    reader.read(JSON.stringify(turned(10)));
    expect(reader.read(JSON.stringify(turned(11)))).toEqual({ transcript: 9, transcript_with_tool_calls: 10 });
    reader.read(JSON.stringify(both(12)));
    expect(reader.read(JSON.stringify(both(13)))).toEqual({ transcript: 11, transcript_with_tool_calls: 12 });
  });

  it('parses an array once that repeats the one before it, as long as both go on alike', () => {
    const reader = new Reader();
    const both = (n: number, calls: readonly unknown[] = []) =>
      JSON.stringify({ transcript: list(n), transcript_with_tool_calls: [...list(n), ...calls] });
    const isShared = (frame: string): boolean => {
      const { arrays } = reader.decoder.decode(Buffer.from(frame));
      return arrays.transcript?.tail === arrays.transcript_with_tool_calls?.tail;
    };
    expect(reader.read(both(8))).toEqual({ transcript: 0, transcript_with_tool_calls: 0 });
    expect(reader.read(both(9))).toEqual({ transcript: 7, transcript_with_tool_calls: 7 });
    expect(isShared(both(9))).toBe(true);
    expect(reader.read(both(10, [{ role: 'dtmf' }]))).toEqual({ transcript: 8, transcript_with_tool_calls: 8 });
    expect(isShared(both(10))).toBe(false);
    expect(reader.read(both(11))).toEqual({ transcript: 9, transcript_with_tool_calls: 10 });
  });

  it.each([
    '{"transcript":[1] ,"transcript_with_tool_calls":[1]]}',
    '{"transcript":[1],"transcript_with_tool_calls":[1}',
    '{"transcript":[1],"transcript_with_tool_calls":[1',
    '{"transcript":[1],"a":2,"transcript_with_tool_calls":[1],"a":]}',
    '{"transcript":[],"transcript_with_tool_calls":[]],"a":1}',
  ])('takes no repeated array for one where the frame is no JSON: %s', (frame) => {
    expect(new Reader().read(frame)).toEqual({});
  });

  it('remembers an array through frames without it, and through frames that are no JSON', () => {
    const reader = new Reader();
    reader.read(frameOf(list(10)));
    reader.read('{"type":"ping_pong","timestamp":1}');
    reader.read(frameOf(list(11)).slice(0, -1));
    expect(reader.read(frameOf(list(11))).transcript).toBe(9);
  });

  it('gives everything again after forget', () => {
    const reader = new Reader();
    reader.read(frameOf(list(10)));
    reader.decoder.forget();
    expect(reader.read(frameOf(list(10))).transcript).toBe(0);
  });

  const known = frameOf(list(9));
  const inner = JSON.stringify(list(9));
  it.each<[string, string]>([
    ['a trailing comma behind the known part', transcript(`${list(6).map((e) => JSON.stringify(e))},`)],
    [
      'only the known part',
      transcript(
        list(6)
          .map((e) => JSON.stringify(e))
          .join(),
      ),
    ],
    ['a missing comma', transcript(`${list(6).map((e) => JSON.stringify(e))} {}`)],
    ['a shorter array', frameOf(list(2))],
    ['an empty array', frameOf([])],
    ['an array with a space in it', transcript(' ')],
    ['null for an array', frameOf(null)],
    ['an object for an array', frameOf({ 0: said(0) })],
    ['text for an array', frameOf(inner)],
    ['the key twice', `{"transcript":${inner},"transcript":${JSON.stringify(list(3))}}`],
    ['the key twice, last no array', `{"transcript":${inner},"transcript":1}`],
    ['the key twice, first no array', `{"transcript":1,"transcript":${inner}}`],
    ['the key twice, last escaped', `{"transcript":${inner},"\\u0074ranscript":[1]}`],
    ['the key twice, first escaped', `{"\\u0074ranscript":[1],"transcript":${inner}}`],
    ['the key escaped', `{"\\u0074ranscript":${inner}}`],
    ['the key nested only', `{"call":{"transcript":${inner}}}`],
    ['the key nested first', `{"call":{"transcript":${inner}},"transcript":${JSON.stringify(list(4))}}`],
    ['the key nested last', `{"transcript":${JSON.stringify(list(4))},"call":{"transcript":${inner}}}`],
    ['the key nested, the real one spaced', `{"call":{"transcript":${inner}},"transcript": [7]}`],
    ['the key nested in __proto__', `{"__proto__":{"transcript":${inner}}}`],
    ['a __proto__ key beside', `{"__proto__":{"a":1},"transcript":${inner}}`],
    ['a __proto__ key in the tail', `{"transcript":[${list(8).map((e) => JSON.stringify(e))},{"__proto__":[]}]}`],
    ['the key at the end of another', `{"a\\"transcript":${inner}}`],
    ['the key at the end of another, escaped backslash', `{"a\\\\"transcript":${inner}}`],
    ['the key in a text', JSON.stringify({ note: `"transcript":${inner}`, transcript: list(4) })],
    ['white space behind the key', `{"transcript" :${inner}}`],
    ['white space before the array', `{"transcript": ${inner}}`],
    ['white space within the array', `{"transcript":${inner.replaceAll('},{', '} , {')}}`],
    ['a top-level array', `[{"transcript":${inner}}]`],
    ['a top-level string', JSON.stringify(`{"transcript":${inner}}`)],
    ['no JSON', '{"transcript":['],
    ['nothing', ''],
    ['a byte order mark', `\ufeff${known}`],
    ['something behind', `${known}x`],
    ['numbers that go on', transcript('1,2,3,4,5,61')],
  ])('is JSON.parse for %s, before and after', (_, nasty) => {
    const reader = new Reader();
    const numbers = transcript('1,2,3,4,5,6,7,8,9');
    for (const frame of [nasty, nasty, known, nasty, nasty, known, frameOf(list(10)), numbers, nasty, known, nasty]) {
      reader.read(frame);
    }
    expect(reader.spared).toBeGreaterThan(0);
  });

  it('does not take the known part of a nested array for the real one', () => {
    const reader = new Reader();
    reader.read(`{"transcript": [1,2,3,4,5,6],"call":{"transcript":${inner}}}`);
    expect(reader.read(`{"transcript":${inner}}`).transcript).toBe(0);
  });

  it('copes with any depth, beside the arrays and in them', () => {
    const reader = new Reader();
    const beside = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)},"transcript":${inner}}`;
    reader.decoder.decode(Buffer.from(beside));
    expect(reader.decoder.decode(Buffer.from(beside)).arrays.transcript?.from).toBe(8);
    const deep = `${'[{"a":'.repeat(20_000)}0${'}]'.repeat(20_000)}`;
    const frame = (n: number) => Buffer.from(`{"transcript":[${Array(n).fill(deep).join()}]}`);
    reader.decoder.forget();
    reader.decoder.decode(frame(5));
    expect(reader.decoder.decode(frame(5)).arrays.transcript?.from).toBe(4);
  });

  it('replaces bytes that are no UTF-8 as a full parse does', () => {
    const reader = new Reader();
    const broken = (n: number) => Buffer.from(frameOf(list(n)).replaceAll('line', 'l\u00ff\u00fe\u00c3'), 'latin1');
    reader.read(broken(8));
    expect(reader.read(broken(9)).transcript).toBe(7);
  });
});
