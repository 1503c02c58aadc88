import { describe, expect, it } from 'vitest';
import { bareNumber, numberList, onList } from '../../src/guard/number-list.ts';
import { higher, type Rule, ruleOfFacts, sanctionedCountry } from '../../src/guard/rules.ts';
import type { CallFacts } from '../../src/guard/types.ts';
import { facts, testPolicy } from './call-kit.ts';

const SANCTIONED = ['CU', 'IR', 'KP', 'SY', 'RU', 'BY', 'VE'];

describe('sanctionedCountry', () => {
  it.each([
    ['+74951234567', 'RU'],
    ['+79161234567', 'RU'],
    ['+78001234567', 'RU'],
    ['+77012345678', null],
    ['+77272345678', null],
    ['+76123456789', null],
    ['+5352345678', 'CU'],
    // Calling codes of live countries whose numbers libphonenumber does not all know as valid.
    ['+850212345678', 'KP'],
    ['+8501', 'KP'],
    ['+963911234567', 'SY'],
    ['+9639', 'SY'],
    ['+989123456789', 'IR'],
    ['+375291234567', 'BY'],
    ['+584121234567', 'VE'],
    ['+12125550123', null],
    ['+14165550123', null],
    ['+447911123456', null],
    ['+442079460000', null],
    ['+34612345678', null],
    ['+86', null],
    ['+96512345678', null],
    ['00963911234567', 'SY'],
    ['+963 911 234 567', 'SY'],
    ['anonymous', null],
    ['', null],
    ['+', null],
  ])('%s is of %s', (number, country) => {
    expect(sanctionedCountry(number, SANCTIONED)).toBe(country);
  });

  it('takes Kazakhstan apart from Russia both ways', () => {
    expect(sanctionedCountry('+77012345678', ['KZ'])).toBe('KZ');
    expect(sanctionedCountry('+79161234567', ['KZ'])).toBe(null);
  });

  it('takes countries that share a code by the number alone', () => {
    expect(sanctionedCountry('+12125550123', ['CA'])).toBe(null);
    expect(sanctionedCountry('+14165550123', ['CA'])).toBe('CA');
    expect(sanctionedCountry('+14165550123', ['US'])).toBe(null);
    expect(sanctionedCountry('+442079460000', ['GG'])).toBe(null);
  });

  it('knows no country that does not exist', () => {
    expect(sanctionedCountry('+12125550123', ['XX', ''])).toBe(null);
  });
});

describe('numberList', () => {
  const list = numberList(['+1 (212) 555-0123', '+4479*', '*', '']);

  it.each([
    ['+12125550123', true],
    ['+12125550124', false],
    ['+447911123456', true],
    ['+441911123456', false],
    ['+1', false],
  ])('%s: %s', (number, found) => {
    expect(onList(list, bareNumber(number))).toBe(found);
  });
});

describe('ruleOfFacts', () => {
  const policy = testPolicy({
    lists: {
      allow: numberList(['+12125550101', '+12125550103', '+12125550104', '+963911234567']),
      block: numberList(['+12125550102', '+12125550103', '+12125550105']),
      protect: numberList(['+12125550104', '+12125550105', '+963911234568']),
    },
  });
  const rule = (callerNumber: string | undefined, more: Partial<CallFacts> = {}) =>
    ruleOfFacts(facts({ ...(callerNumber ? { callerNumber } : {}), ...more }), policy)?.name ?? null;

  it.each([
    ['+12125550101', 'allow'],
    ['+12125550102', 'block'],
    ['+12125550103', 'allow'],
    ['+12125550104', 'protect'],
    ['+12125550105', 'protect'],
    ['+12125550199', null],
    ['+963911234567', 'sanctioned'],
    ['+963911234568', 'sanctioned'],
    [undefined, null],
    ['anonymous', null],
    ['restricted', null],
  ])('%s: %s', (number, name) => {
    expect(rule(number)).toBe(name);
  });

  it('does not trust the allow list when attestation failed', () => {
    expect(rule('+12125550101', { attestation: 'failed' })).toBe(null);
    expect(rule('+12125550103', { attestation: 'failed' })).toBe('block');
    expect(rule('+12125550101', { attestation: 'C' })).toBe('allow');
    expect(rule('+12125550104', { attestation: 'failed' })).toBe('protect');
  });
});

it('of two rules the higher one holds: sanctioned, protect, allow, block', () => {
  const of = (name: Rule['name']): Rule => ({ name, reason: 'x' });
  const order = (['sanctioned', 'protect', 'allow', 'block'] as const).map(of);
  order.forEach((high, i) => {
    expect(higher(null, high)).toBe(high);
    expect(higher(high, null)).toBe(high);
    for (const low of order.slice(i + 1)) {
      expect(higher(high, low)).toBe(high);
      expect(higher(low, high)).toBe(high);
    }
  });
});
