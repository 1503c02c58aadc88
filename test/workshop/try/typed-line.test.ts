import { describe, expect, it } from 'vitest';
import { MAX_LINE_CHARS, readTypedLine, type TypedLine } from '../../../src/workshop/try/typed-line.ts';

const act = (line: string): unknown => {
  const read = readTypedLine(line);
  return read.type === 'act' ? read.act : read;
};

describe('a typed line', () => {
  it.each<[string, unknown]>([
    ['  hello\tthere ', { type: 'say', text: 'hello there' }],
    ['//path is text', { type: 'say', text: '/path is text' }],
    ['/gap 2.5 yes please', { type: 'say', text: 'yes please', gapMs: 2_500 }],
    ['/gap 0 /recording Press one', { type: 'say', text: 'Press one', recording: true, gapMs: 0 }],
    ['/gap 3 /digit #', { type: 'digit', digit: '#', gapMs: 3_000 }],
    ['/recording Press one', { type: 'say', text: 'Press one', recording: true }],
    ['/over wait', { type: 'over', text: 'wait' }],
    ['/silence 20', { type: 'silence', ms: 20_000 }],
    ['/digit 5', { type: 'digit', digit: '5' }],
    ['/hang', { type: 'leave', atOnce: true }],
    ['你好，我想预约', { type: 'say', text: '你好，我想预约' }],
  ])('%j', (line, expected) => {
    expect(act(line)).toEqual(expected);
  });

  it.each(['evidence', 'timeline', 'help', 'again'])('/%s asks the program', (aside) => {
    expect(readTypedLine(`/${aside}`)).toEqual({ type: 'aside', aside });
  });

  it('an empty line is neither', () => {
    expect(readTypedLine(' \t ')).toEqual({ type: 'empty' });
  });

  it.each([
    '/gap',
    '/gap 2.5',
    '/gap x yes',
    '/gap 601 yes',
    '/gap -1 yes',
    '/gap 1 /silence 3',
    '/gap 1 /gap 2 /hang',
    '/over',
    '/recording ',
    '/silence',
    '/silence 0',
    '/silence 9999',
    '/digit 55',
    '/digit x',
    '/constructor',
    '/',
    'a\u0007b',
    'red \u001b[31m',
    'c1 \u009b31m',
    'x'.repeat(MAX_LINE_CHARS + 1),
  ])('refuses %j with a hint, and repeats nothing of it', (line) => {
    const read = readTypedLine(line) as Extract<TypedLine, { type: 'refused' }>;
    expect(read.type).toBe('refused');
    expect(read.hint).not.toBe('');
    expect(`${read.message}${read.hint}`).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });

  it('takes the longest line that is allowed', () => {
    expect(act('x'.repeat(MAX_LINE_CHARS))).toMatchObject({ type: 'say' });
  });
});
