import { describe, expect, it } from 'vitest';
import { onList } from '../../src/guard/number-list.ts';
import { PRESETS } from '../../src/guard/policy.ts';
import { toPoints } from '../../src/guard/weights.ts';
import { loadPrompts } from '../../src/prompts.ts';
import { policyOf } from '../../src/server/policy-of.ts';
import { loadWeights } from '../../src/weights-file.ts';
import { configOf } from './guard-kit.ts';

const { weights } = loadWeights();
const prompts = loadPrompts();
const NOON = Date.UTC(2026, 0, 5, 12);

const policy = (changes: Record<string, unknown> = {}, agent = 'default', now = NOON) =>
  policyOf(configOf(changes), agent, { weights, prompts, now, canStop: false });

describe('the policy of a call', () => {
  it('takes mode, preset and prior from the config', () => {
    const made = policy({ mode: 'shadow', preset: 'cautious', prior: 0.5 });
    expect(made.mode).toBe('shadow');
    expect(made.priorPoints).toBeCloseTo(0);
    expect(made.thresholds.hangUp).toBeCloseTo(toPoints(PRESETS.cautious));
    expect(made.thresholds.closing).toBeLessThan(made.thresholds.hangUp);
  });

  it('a price of its own stands over the preset', () => {
    expect(policy({ preset: 'eager', lost_customer_costs: 5_000 }).thresholds.hangUp).toBeCloseTo(toPoints(5_000));
  });

  it('the agent stands over the top of the file: mode, categories, signals', () => {
    const made = policy(
      {
        categories: { sales_pitch: 'hang_up', voicemail: 'message' },
        agents: { dental: { mode: 'off', categories: { sales_pitch: 'ignore' }, signals: { silence: 'shadow' } } },
      },
      'dental',
    );
    expect(made.mode).toBe('off');
    expect(made.actions.sales_pitch).toBe('ignore');
    expect(made.actions.voicemail).toBe('message');
    expect(made.actions.silent).toBe('hang_up');
    expect(made.signalModes).toEqual({ silence: 'shadow' });
  });

  it('the greeting is that of the language, unless the agent has its own; an empty one stays empty', () => {
    expect(policy({ agents: { default: { language: 'es' } } }).greeting).toBe(
      prompts.text('es', 'greeting', { scope: '', agent: '' }),
    );
    expect(policy({ agents: { default: { begin_message: 'Hi.' } } }).greeting).toBe('Hi.');
    expect(policy({ agents: { default: { begin_message: '' } } }).greeting).toBe('');
  });

  it('texts know what the line is for and who speaks', () => {
    const made = policy({ agents: { default: { scope: 'tables', spoken_name: 'Luigi' } } });
    expect(made.texts.text('en', 'scope', {})).toContain('tables');
    expect(made.texts.text('en', 'screening', {})).toContain('Luigi');
  });

  it('list entries hold until their day is over, and to the minute where a time is given', () => {
    const block = [
      { number: '+12137770001', reason: 'a', until: '2026-01-05' },
      { number: '+12137770002', reason: 'a', until: '2026-01-04' },
      { number: '+12137770003', reason: 'a', until: '2026-01-05T12:01:00Z' },
      { number: '+12137770004', reason: 'a', until: '2026-01-05T11:59:00Z' },
      { number: '+12137770005', reason: 'a' },
    ];
    const blocked = (now: number) => {
      const { lists } = policy({ lists: { block } }, 'default', now);
      return block
        .map(({ number }) => number)
        .filter((number) => onList(lists.block, number))
        .map((number) => number.at(-1));
    };
    expect(blocked(NOON)).toEqual(['1', '3', '5']);
    expect(blocked(NOON + 24 * 3_600_000)).toEqual(['5']);
  });

  it('durations come over in milliseconds', () => {
    const made = policy({
      silence: { trigger_ms: 7_000, max_count: 3 },
      latency: { fallback_ms: 2_000, lookup_ms: 150 },
      agents: { default: { reminders: { trigger_ms: 20_000, max_count: 0 } } },
    });
    expect(made.silence).toEqual({ triggerMs: 7_000, maxCount: 3 });
    expect(made.ownReminders).toEqual({ triggerMs: 20_000, maxCount: 0 });
    expect([made.fallbackMs, made.lookUpMs]).toEqual([2_000, 150]);
  });

  it('an agent that is not there is an error', () => {
    expect(() => policy({}, 'nobody')).toThrow(RangeError);
    expect(() => policy({}, 'constructor')).toThrow(RangeError);
  });
});
