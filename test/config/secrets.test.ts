import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSecrets, secretEquals, secretWarnings } from '../../src/config/secrets.ts';

describe('readSecrets', () => {
  it('reads the six variables and nothing else', () => {
    expect(
      readSecrets({
        HANGUP_GUARD_KEY: ' k ',
        RETELL_API_KEY: 'r',
        OPENAI_API_KEY: 'o',
        ANTHROPIC_API_KEY: 'a',
        REDIS_URL: 'redis://h',
        DATABASE_URL: 'postgres://h',
        PATH: '/bin',
      }),
    ).toEqual({
      guardKey: 'k',
      retellApiKey: 'r',
      openaiApiKey: 'o',
      anthropicApiKey: 'a',
      redisUrl: 'redis://h',
      databaseUrl: 'postgres://h',
    });
  });

  it('takes empty and blank for absent', () => {
    expect(readSecrets({ HANGUP_GUARD_KEY: '', RETELL_API_KEY: '  ', OPENAI_API_KEY: undefined })).toEqual({});
  });
});

describe('secretEquals', () => {
  it.each([
    ['secret', 'secret', true],
    ['sécret', 'sécret', true],
    ['secret', 'secreT', false],
    ['secret', 'secret ', false],
    ['s', 'a-much-longer-secret', false],
    ['', '', false],
    [undefined, undefined, false],
    ['secret', undefined, false],
    [undefined, 'secret', false],
    ['', 'secret', false],
  ])('%j and %j: %j', (given, expected, equal) => {
    expect(secretEquals(given, expected)).toBe(equal);
  });

  it('compares hashes, in constant time', () => {
    // Timing cannot be measured reliably in a test; that the one safe comparison is used can be read.
    const source = readFileSync(new URL('../../src/config/secrets.ts', import.meta.url), 'utf8');
    expect(source).toMatch(/timingSafeEqual\(sha256\(given \?\? ''\), sha256\(expected \?\? ''\)\)/);
    expect(source).not.toMatch(/given\s*===\s*expected/);
  });
});

describe('secretWarnings', () => {
  it('names short keys and keys that do not fit a URL, without showing them', () => {
    expect(secretWarnings({ guardKey: 'a'.repeat(48) })).toEqual([]);
    expect(secretWarnings({})).toEqual([]);
    const warnings = secretWarnings({ guardKey: 'pass/word' });
    expect(warnings).toHaveLength(2);
    expect(warnings.join()).not.toContain('pass/word');
  });
});
