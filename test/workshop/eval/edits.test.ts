import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editsOf } from '../../../src/workshop/eval/edits.ts';
import { lineChanges } from '../../../src/workshop/eval/line-changes.ts';
import { weightChanges } from '../../../src/workshop/eval/weight-changes.ts';
import { BALANCED, madeCall, madeRun, madeVariant, WEIGHTS, weightsWith } from './made-runs.ts';

describe('line changes', () => {
  it('shows changed lines with two lines around them, and where lines are left out', () => {
    const before = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const after = before.map((line) => (line === 'line 4' ? 'another' : line)).filter((line) => line !== 'line 15');
    expect(lineChanges(before.join('\n'), after.join('\n')).map(({ type, text }) => `${type} ${text}`)).toEqual([
      'same line 2',
      'same line 3',
      'removed line 4',
      'added another',
      'same line 5',
      'same line 6',
      'same …',
      'same line 13',
      'same line 14',
      'removed line 15',
      'same line 16',
      'same line 17',
    ]);
  });

  it('is empty for texts that are the same line by line', () => {
    expect(lineChanges('a\nb\n', 'a\r\nb')).toEqual([]);
  });

  it('names every line of a text that came or went', () => {
    expect(lineChanges('', 'a\nb\n').map(({ type }) => type)).toEqual(['added', 'added']);
    expect(lineChanges('a\nb', '').map(({ type }) => type)).toEqual(['removed', 'removed']);
  });

  it('leads from the first text to the second, by the fewest lines', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 5 });
    fc.assert(
      fc.property(lines, lines, (from, to) => {
        const found = lineChanges(from.join('\n'), to.join('\n'));
        const count = (type: string) => found.filter((line) => line.type === type).length;
        // With so few lines nothing but the ends of the texts can be left out.
        expect(count('added') - count('removed')).toBe(to.length - from.length);
        expect(count('removed')).toBe(from.length - common(from, to));
      }),
    );
  });

  it('stays within bounds for two long texts that have nothing in common', () => {
    const from = Array.from({ length: 6_000 }, (_, index) => `a${index}`).join('\n');
    const to = Array.from({ length: 6_000 }, (_, index) => `b${index}`).join('\n');
    const found = lineChanges(from, to);
    expect(found).toHaveLength(2_001);
    expect(found.at(-1)?.text).toBe('… and 10000 more lines');
  });
});

function common(a: readonly string[], b: readonly string[]): number {
  const [first, ...rest] = a;
  if (first === undefined || b.length === 0) return 0;
  const at = b.indexOf(first);
  return Math.max(common(rest, b), at < 0 ? 0 : 1 + common(rest, b.slice(at + 1)));
}

describe('weight changes', () => {
  it('names points, groups and caps, from and to', () => {
    const edited = weightsWith({ 'keypad-menu': { menu: 3, louder: 5 } });
    const { once: _once, ...points } = edited.signals['keypad-menu']?.points ?? {};
    const menu = { group: 'machine', why: '', points };
    const { 'bot-loop': _gone, ...signals } = edited.signals;
    const to = {
      ...edited,
      groups: { ...edited.groups, content: { min: 0, max: 30, why: '' } },
      signals: { ...signals, 'keypad-menu': menu, constructor: { group: 'style', why: '', points: { one: 1 } } },
    };
    const found = weightChanges(WEIGHTS, to);
    expect(found).toEqual([
      { name: 'keypad-menu group', from: 'content', to: 'machine' },
      { name: 'keypad-menu once', from: 13, to: null },
      { name: 'keypad-menu menu', from: 18, to: 3 },
      { name: 'keypad-menu louder', from: null, to: 5 },
      { name: 'bot-loop', from: expect.stringContaining('assistant-once 5, assistant-twice 12'), to: null },
      { name: 'constructor', from: null, to: 'one 1' },
      { name: 'group content max', from: 22, to: 30 },
    ]);
  });

  it('does not mind notes', () => {
    expect(weightChanges(WEIGHTS, { ...WEIGHTS, note: 'another', version: 9 })).toEqual([]);
  });
});

describe('edits', () => {
  it('has none between two runs of the same', () => {
    const run = madeRun('a', [madeCall('x')]);
    expect(editsOf(run, run)).toEqual({
      weights: [],
      thresholds: [],
      prompts: [],
      configs: [],
      code: false,
      fixtures: [],
      answers: false,
    });
  });

  it('names thresholds, prompts, configurations, code, fixtures and answers', () => {
    const stamp = { answers: [], texts: { one: '# who\n- Who is it?\n', two: '# who\n- Who are you?\n' } };
    const prompt = (hash: string) => [{ id: 'probes/en', hash }];
    const a = madeRun('a', [madeCall('x'), madeCall('y')], {
      ...stamp,
      variants: [madeVariant({ prompts: prompt('one') })],
    });
    const answers = {
      type: 'openai' as const,
      model: 'm',
      endpoint: null,
      vendor: true,
      recordedFrom: 1,
      recordedTo: 2,
      answers: 3,
    };
    const variant = {
      id: 'prompts=other',
      preset: 'eager',
      thresholds: { ...BALANCED, probe: -5.2 },
      config: 'another',
      prompts: prompt('two'),
    };
    const b = madeRun('b', [madeCall('x'), madeCall('y', { hash: 'other' })], {
      ...stamp,
      code: 'other',
      answers: [answers],
      variants: [madeVariant(variant)],
    });
    expect(editsOf(a, b)).toEqual({
      weights: [],
      thresholds: [
        { variant: 'prompts=other', name: 'preset', from: 'balanced', to: 'eager' },
        { variant: 'prompts=other', name: 'probe', from: 0, to: -5.2 },
      ],
      prompts: [
        {
          id: 'probes/en',
          variant: 'prompts=other',
          lines: [
            { type: 'same', text: '# who' },
            { type: 'removed', text: '- Who is it?' },
            { type: 'added', text: '- Who are you?' },
          ],
        },
      ],
      configs: ['prompts=other'],
      code: true,
      fixtures: ['y'],
      answers: true,
    });
    // How many answers were used depends on how long the calls were.
    const more = madeRun('c', [], { answers: [{ ...answers, answers: 9 }] });
    expect(editsOf(madeRun('b', [], { answers: [answers] }), more).answers).toBe(false);
  });

  it('compares variants of the same name where there are several', () => {
    const other = madeVariant({ id: 'two', config: 'other' });
    const a = madeRun('a', [], { variants: [madeVariant(), madeVariant({ id: 'two' })] });
    const b = madeRun('b', [], { variants: [other, madeVariant()] });
    expect(editsOf(a, b).configs).toEqual(['two']);
  });
});
