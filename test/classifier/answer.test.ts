import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANSWER_NAME, ANSWER_SCHEMA, ANSWERS, readAnswer } from '../../src/classifier/answer.ts';
import { CATEGORIES, CONFIDENCES } from '../../src/guard/types.ts';

describe('the schema of an answer', () => {
  it('is what providers take for structured output, and no more', () => {
    expect(ANSWER_SCHEMA).toEqual({
      type: 'object',
      properties: {
        answer: { type: 'string', enum: [...ANSWERS] },
        confidence: { type: 'string', enum: [...CONFIDENCES] },
      },
      required: ['answer', 'confidence'],
      additionalProperties: false,
    });
    expect(JSON.parse(JSON.stringify(ANSWER_SCHEMA))).toEqual(ANSWER_SCHEMA);
    expect(ANSWER_NAME).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
  });

  it('leaves out what a model cannot know, and has room for a customer and for doubt', () => {
    expect(ANSWERS).not.toContain('blocked_number');
    expect(ANSWERS).not.toContain('sanctioned_country');
    expect(ANSWERS).toHaveLength(CATEGORIES.length);
    expect(ANSWERS).toContain('customer');
    expect(ANSWERS).toContain('unsure');
  });
});

describe('reading an answer', () => {
  it('takes every answer that the schema allows', () => {
    for (const answer of ANSWERS) {
      for (const confidence of CONFIDENCES) {
        expect(readAnswer({ answer, confidence })).toEqual({ answer, confidence });
      }
    }
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', '{"answer":"customer","confidence":"high"}'],
    ['a list', ['customer', 'high']],
    ['an empty object', {}],
    ['an answer alone', { answer: 'customer' }],
    ['a category that is the guard’s own', { answer: 'blocked_number', confidence: 'high' }],
    ['an unknown category', { answer: 'hang_up', confidence: 'high' }],
    ['another case', { answer: 'Customer', confidence: 'high' }],
    ['an unknown confidence', { answer: 'customer', confidence: 'certain' }],
    ['a number for a confidence', { answer: 'customer', confidence: 0.9 }],
    ['words besides', { answer: 'customer', confidence: 'high', reason: 'it said so' }],
    ['a prototype', JSON.parse('{"__proto__":{"answer":"customer","confidence":"high"}}')],
  ])('gives null for %s', (_name, value) => {
    expect(readAnswer(value)).toBe(null);
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withObjectString: true }), (value) => {
        const read = readAnswer(value);
        if (read) expect(ANSWERS).toContain(read.answer);
      }),
      { numRuns: 2_000 },
    );
  });
});
