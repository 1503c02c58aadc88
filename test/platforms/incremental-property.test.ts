import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEYS, Reader } from './frame-reader.ts';

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
      odd: fc.constantFrom('', 'twice', 'nested', 'proto', 'escaped-key', 'text', 'truncated', 'null', 'between'),
      rest: fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 }),
    }),
  },
);
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

// `twins`: the second array repeats the first, as it does in a call without tool calls.
const twins = fc.boolean();
const step = fc.record({
  twins,
  edits: fc.tuple(fc.array(edit, { maxLength: 4 }), fc.array(edit, { maxLength: 3 })),
  shape,
});

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
  if (of.odd === 'between') {
    // What stands between the arrays comes again behind them.
    const other = member('other', [1, arrays[0].length]);
    members.splice(1, 0, other);
    members.push(other);
  }
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
        for (const { edits, twins: alike, shape: of } of steps) {
          apply(arrays[0], edits[0]);
          apply(arrays[1], edits[1]);
          if (alike) arrays[1] = arrays[0].slice();
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
