import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IncrementalDecoder } from '../../src/platforms/incremental.ts';

const KEYS = ['transcript', 'transcript_with_tool_calls'] as const;
type Key = (typeof KEYS)[number];

/** Keeps the elements that the decoder does not keep, and compares every frame with a full parse. */
class Reader {
  readonly decoder = new IncrementalDecoder<Key>(KEYS);
  readonly #kept = new Map<Key, readonly unknown[]>();
  /** Elements that did not have to be parsed again. */
  spared = 0;

  read(text: string | Buffer): Partial<Record<Key, number>> {
    const frame = Buffer.from(text);
    const whole = attempt(() => JSON.parse(frame.toString('utf8')) as unknown);
    const seen = attempt(() => this.decoder.decode(frame));
    if (whole === INVALID || seen === INVALID) {
      expect(seen, `frame ${frame}`).toBe(whole);
      return {};
    }
    const from: Partial<Record<Key, number>> = {};
    for (const key of KEYS) {
      const change = seen.arrays[key];
      const expected = isRecord(whole) && Object.hasOwn(whole, key) ? whole[key] : undefined;
      expect(change !== undefined, `${key} of ${frame}`).toBe(Array.isArray(expected));
      if (change === undefined || !isRecord(whole)) continue;
      const elements = [...(this.#kept.get(key) ?? []).slice(0, change.from), ...change.tail];
      expectSame(elements, expected, frame);
      this.#kept.set(key, elements);
      this.spared += change.from;
      from[key] = change.from;
      delete whole[key];
    }
    expectSame(seen.value, whole, frame);
    return from;
  }
}

const INVALID = Symbol('invalid');
function attempt<T>(run: () => T): T | typeof INVALID {
  try {
    return run();
  } catch (error) {
    expect(error).toBeInstanceOf(SyntaxError);
    return INVALID;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Equal in values and in the order of keys. */
function expectSame(actual: unknown, expected: unknown, frame: Buffer): void {
  const same = isDeepStrictEqual(actual, expected) && JSON.stringify(actual) === JSON.stringify(expected);
  expect(same, `${JSON.stringify(actual)} is not ${JSON.stringify(expected)} in ${frame}`).toBe(true);
}

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

// Strings that look like the marks the decoder goes by.
const nastyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '"transcript":[',
    '\\',
    '\\"',
    '"',
    '],[',
    '},{"',
    '\u00e9\u{1f600}',
    '\ud800',
    ',',
    '"transcript": [',
  ),
);
const element = fc.oneof(
  { weight: 4, arbitrary: fc.record({ role: fc.constantFrom('user', 'agent'), content: nastyText }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.record({ transcript: fc.array(nastyText, { maxLength: 6 }) }) },
);
const edit = fc.oneof(
  { weight: 20, arbitrary: fc.record({ do: fc.constant('append' as const), element }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('grow-last' as const), element }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('correct' as const), at: fc.nat(30), element }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut' as const), at: fc.nat(30) }) },
);
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

const plain = { order: false, omit: '', spaced: '', escaped: false, odd: '', rest: {} as Record<string, unknown> };
const shape = fc.oneof(
  { weight: 3, arbitrary: fc.constant(plain) },
  { weight: 1, arbitrary: fc.constant({ ...plain, order: true }) },
  {
    weight: 1,
    arbitrary: fc.record({
      order: fc.boolean(),
      omit: fc.constantFrom('', ...KEYS),
      spaced: fc.constantFrom('', '', ' '),
      escaped: fc.boolean(),
      odd: fc.constantFrom('', 'twice', 'nested', 'proto', 'escaped-key', 'text', 'truncated', 'null'),
      rest: fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 }),
    }),
  },
);
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

const step = fc.record({ edits: fc.tuple(fc.array(edit, { maxLength: 4 }), fc.array(edit, { maxLength: 3 })), shape });

function apply(elements: unknown[], edits: readonly Edit[]): void {
  for (const change of edits) {
    const length = Math.max(1, elements.length);
    if (change.do === 'append') elements.push(change.element);
    else if (change.do === 'grow-last') elements[length - 1] = change.element;
    else if (change.do === 'correct') elements[change.at % length] = change.element;
    else elements.length = change.at % length;
  }
}

const toAscii = (json: string) =>
  json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

function render(arrays: readonly [unknown[], unknown[]], of: Shape): string {
  const member = (key: string, value: unknown) =>
    `${JSON.stringify(key)}:${of.spaced}${of.escaped ? toAscii(JSON.stringify(value)) : JSON.stringify(value)}`;
  const members = KEYS.map((key, i) => member(key, arrays[i])).filter((_, i) => KEYS[i] !== of.omit);
  if (of.order) members.reverse();
  for (const [key, value] of Object.entries(of.rest)) members.unshift(member(key, value));
  if (of.odd === 'twice') members.push(member('transcript', arrays[1]));
  if (of.odd === 'nested') members.unshift(`"call":{${member('transcript', arrays[0])}}`);
  if (of.odd === 'proto') members.push(`"__proto__":{${member('transcript', arrays[0])}}`);
  if (of.odd === 'escaped-key') members.push(`"\\u0074ranscript":${JSON.stringify(arrays[1])}`);
  if (of.odd === 'text') members.unshift(`"note":${JSON.stringify(member('transcript', arrays[0]))}`);
  if (of.odd === 'null') members.push('"transcript_with_tool_calls":null');
  const frame = `{${members.join(',')}}`;
  return of.odd === 'truncated' ? frame.slice(0, Math.floor(frame.length / 2)) : frame;
}

describe('IncrementalDecoder and JSON.parse', () => {
  it('agree on every sequence of frames', () => {
    let spared = 0;
    let elements = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }), (steps) => {
        const reader = new Reader();
        const arrays: [unknown[], unknown[]] = [[], []];
        for (const { edits, shape: of } of steps) {
          apply(arrays[0], edits[0]);
          apply(arrays[1], edits[1]);
          reader.read(render(arrays, of));
          elements += arrays[0].length + arrays[1].length;
        }
        spared += reader.spared;
      }),
      { numRuns: 600 },
    );
    // Otherwise the property would hold for a decoder that always parses everything.
    expect(spared / elements).toBeGreaterThan(0.2);
  });
});
