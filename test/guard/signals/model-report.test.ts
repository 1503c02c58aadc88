import { describe, expect, it } from 'vitest';
import type { Seen } from '../../../src/guard/signal.ts';
import { modelReport } from '../../../src/guard/signals/model-report.ts';
import type { Category, Confidence } from '../../../src/guard/types.ts';
import { pointsOf, type Weights } from '../../../src/guard/weights.ts';
import { classified, modelEvidence, modelPoints, weights } from './model-kit.ts';
import { evidenceAfter } from './signal-kit.ts';

const span = { index: 2, from: 4, to: 20 };
const report = (category: Category, confidence: Confidence, quoted = true): Seen => ({
  type: 'reported',
  category,
  confidence,
  quoted,
  ...(quoted ? { span } : {}),
});
const evidence = (...seen: Seen[]) => evidenceAfter(modelReport, seen);
const points: Weights['signals'][string]['points'] = weights.signals['model-report']?.points ?? {};

describe('a report of the agent’s model', () => {
  it.each(['low', 'medium', 'high'] as const)('with a quote counts by its confidence: %s', (confidence) => {
    expect(evidence(report('abusive', confidence))).toEqual({
      level: confidence,
      category: 'abusive',
      reason: `the agent's model reported the call as "abusive", with ${confidence} confidence`,
      values: { reports: 1 },
      span,
    });
    expect(points[confidence]).toBeGreaterThan(0);
  });

  it('whose quote was not found counts for nothing, and says so', () => {
    const seen = evidence(report('abusive', 'high', false));
    expect(seen).toEqual({
      level: 'unquoted',
      reason: `the agent's model reported the call as "abusive", but its quote was not found in what was said`,
      values: { reports: 1 },
    });
    expect(points.unquoted).toBe(0);
  });

  it('does not take the place of one that counts for more', () => {
    const strong = report('sales_pitch', 'high');
    expect(evidence(strong, report('abusive', 'low'), report('abusive', 'high', false))).toMatchObject({
      level: 'high',
      category: 'sales_pitch',
    });
    expect(evidence(strong, report('hold_music', 'high'))?.level).toBe('high');
    expect(evidence(report('abusive', 'low'), strong)?.level).toBe('high');
    expect(evidence(report('abusive', 'high'), strong)?.category).toBe('sales_pitch');
    expect(evidence(report('hold_music', 'high'))).toMatchObject({ level: 'hint', category: 'hold_music' });
  });

  it.each(['blocked_number', 'sanctioned_country'] as const)('of %s is not listened to', (category) => {
    expect(evidence(report(category, 'high'))).toBe(null);
  });

  it('adds to the classifier up to the cap of their group', () => {
    const high = pointsOf(weights, 'llm-classifier', 'high');
    const low = pointsOf(weights, 'llm-classifier', 'low');
    expect(modelPoints([classified('abusive', 'low'), report('abusive', 'low')])).toBe(low + (points.low ?? 0));
    expect(high + (points.high ?? 0)).toBeGreaterThan(12);
    expect(modelPoints([classified('abusive', 'high'), report('abusive', 'high')])).toBe(12);
    expect(modelEvidence([classified('abusive', 'high'), report('abusive', 'high')]).map((one) => one.group)).toEqual([
      'model',
      'model',
    ]);
  });
});
