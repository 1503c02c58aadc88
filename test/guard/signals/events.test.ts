import { describe, expect, it } from 'vitest';
import type { Seen } from '../../../src/guard/signal.ts';
import { LEXICON } from '../../../src/guard/signals/index.ts';
import { numberFacts, numberFactsSignal } from '../../../src/guard/signals/number-facts.ts';
import { hasFreePass, numberHistory } from '../../../src/guard/signals/number-history.ts';
import { probeAnswers } from '../../../src/guard/signals/probe-answers.ts';
import { silence } from '../../../src/guard/signals/silence.ts';
import type { NumberHistory } from '../../../src/guard/types.ts';
import { lineOf, readLine, type Said } from '../../../src/guard/utterance.ts';
import { loadWeights } from '../../../src/weights-file.ts';
import { facts } from '../call-kit.ts';
import { evidenceAfter } from './signal-kit.ts';

const said = (index: number, text: string, previous?: Said): Seen & { type: 'said' } => ({
  type: 'said',
  said: readLine(LEXICON, lineOf('caller', index, text, []), previous),
});
const reminder: Seen = { type: 'reminder' };
const { weights } = loadWeights();

describe('silence', () => {
  const level = (...events: Seen[]) => evidenceAfter(silence, events)?.level ?? null;

  it('counts reminders in a row from a caller who never spoke', () => {
    expect(level(reminder)).toBe('never-spoke-1');
    expect(level(reminder, reminder, reminder)).toBe('never-spoke-3');
    expect(level(...Array.from({ length: 12 }, () => reminder))).toBe('never-spoke-6');
  });

  it('begins anew with each word and each digit', () => {
    expect(level(reminder, reminder, said(1, 'hello'))).toBe(null);
    expect(level(reminder, reminder, said(1, 'hello'), reminder)).toBe('after-speech-1');
    expect(level(reminder, reminder, { type: 'digit' })).toBe(null);
  });

  it('knows a caller who asked us to wait', () => {
    for (const text of [
      'hold on let me find my card',
      'un momento por favor',
      'einen Moment bitte',
      '等一下',
      'एक मिनट',
    ]) {
      expect(level(said(1, text), reminder, reminder), text).toBe('asked-to-wait-2');
    }
    expect(level(said(1, 'hold on'), said(3, 'so where were we'), reminder)).toBe('after-speech-1');
  });

  it('is not ended by an old utterance that is shown again', () => {
    const first = said(1, 'hello there');
    expect(level(first, reminder, said(1, 'hello there', first.said))).toBe('after-speech-1');
    expect(level(first, reminder, said(1, 'hello there you', first.said))).toBe(null);
  });

  it('is ended by sound without words', () => {
    expect(level(reminder, said(1, '(unintelligible audio)'))).toBe(null);
  });
});

describe('number-facts', () => {
  it.each([
    ['+12125550123', undefined, null],
    ['+447911123456', undefined, null],
    ['+442079460123', undefined, null],
    ['+33612345678', undefined, null],
    ['+18005550199', undefined, null],
    [undefined, undefined, null],
    ['+199', undefined, 'impossible'],
    ['anonymous', undefined, 'impossible'],
    ['+19005551234', undefined, 'expensive-range'],
    ['+12125550123', 'failed', 'attestation-failed'],
    [undefined, 'failed', 'attestation-failed'],
    ['+12125550123', 'A', null],
    ['+12125550123', 'C', null],
  ] as const)('%s (%s): %s', (callerNumber, attestation, level) => {
    const given = facts({ ...(callerNumber ? { callerNumber } : {}), ...(attestation ? { attestation } : {}) });
    expect(numberFacts(given)?.level ?? null).toBe(level);
    expect(evidenceAfter(numberFactsSignal, [{ type: 'opened', facts: given }])?.level ?? null).toBe(level);
  });
});

describe('number-history', () => {
  const NOW = 100 * 86_400_000;
  const history = (more: Partial<NumberHistory>): NumberHistory => ({
    calls: 1,
    completed: 0,
    hungUp: 0,
    passUsed: false,
    ...more,
  });
  const level = (given: NumberHistory | null) =>
    evidenceAfter(numberHistory, [{ type: 'history', history: given, now: NOW }])?.level ?? null;

  it.each<[string, NumberHistory | null, string | null]>([
    ['unknown', null, null],
    ['no calls', history({ calls: 0 }), null],
    ['one ordinary call', history({ completed: 1 }), 'called-before'],
    ['many', history({ calls: 4, completed: 4 }), 'known'],
    ['hung up on yesterday', history({ hungUp: 1, lastHungUpAt: NOW - 86_400_000 }), 'hung-up-once'],
    ['hung up on twice', history({ calls: 2, hungUp: 2, lastHungUpAt: NOW - 1 }), 'hung-up-often'],
    ['hung up on long ago', history({ hungUp: 1, lastHungUpAt: NOW - 40 * 86_400_000 }), null],
    ['left by themselves', history({}), null],
  ])('%s', (_name, given, expected) => {
    expect(level(given)).toBe(expected);
  });

  it('gives one free pass after a hang-up', () => {
    expect(hasFreePass(history({ hungUp: 1, lastHungUpAt: NOW - 1_000 }), NOW)).toBe(true);
    expect(hasFreePass(history({ hungUp: 1, lastHungUpAt: NOW - 1_000, passUsed: true }), NOW)).toBe(false);
    expect(hasFreePass(history({ hungUp: 1, lastHungUpAt: NOW - 40 * 86_400_000 }), NOW)).toBe(false);
    expect(hasFreePass(history({ completed: 3 }), NOW)).toBe(false);
    expect(hasFreePass(null, NOW)).toBe(false);
  });
});

describe('probe-answers', () => {
  const probe = (kind: 'who' | 'closing', result: 'passed' | 'failed' | 'unclear' | 'unanswered'): Seen => ({
    type: 'probe',
    kind,
    result,
  });
  const level = (...events: Seen[]) => evidenceAfter(probeAnswers, events)?.level ?? null;

  it.each<[string, Seen[], string | null]>([
    ['passed', [probe('who', 'passed')], 'passed'],
    ['passed twice', [probe('who', 'passed'), probe('closing', 'passed')], 'passed-twice'],
    ['failed', [probe('who', 'failed')], 'failed'],
    ['closing ignored', [probe('closing', 'failed')], 'closing-ignored'],
    ['both', [probe('who', 'failed'), probe('closing', 'failed')], 'failed-closing-ignored'],
    ['failed, then passed', [probe('who', 'failed'), probe('who', 'passed')], 'mixed'],
    ['unclear', [probe('who', 'unclear')], 'unclear'],
    ['not heard', [probe('who', 'unanswered')], null],
  ])('%s', (_name, events, expected) => {
    expect(level(...events)).toBe(expected);
  });

  it('every mixture of answers has its points, a failure more of them and a pass fewer', () => {
    const points = weights.signals['probe-answers']?.points ?? {};
    const results = ['passed', 'failed', 'unclear'] as const;
    for (const a of results) {
      for (const b of results) {
        for (const c of results) {
          for (const kind of ['who', 'closing'] as const) {
            const found = level(probe('who', a), probe('who', b), probe(kind, c)) ?? '';
            expect(points, `${a} ${b} ${c}`).toHaveProperty([found]);
          }
        }
      }
    }
    expect(points.failed).toBeGreaterThan(0);
    expect(points.passed).toBeLessThan(0);
    expect(points['failed-closing-ignored']).toBeGreaterThan(points['closing-ignored'] ?? 0);
  });
});

it('every level that a signal can show has points in the weights file', () => {
  for (const state of ['never-spoke', 'after-speech', 'asked-to-wait']) {
    for (let n = 1; n <= 6; n++) expect(weights.signals.silence?.points).toHaveProperty([`${state}-${n}`]);
  }
});
