import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  agentSettings,
  ConfigError,
  configHash,
  findConfigFile,
  formatProblem,
  loadConfig,
  lostCustomerCosts,
  parseConfig,
} from '../../src/config.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'guard-config-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** The problems of a text, one line each. */
function problemsOf(text: string, knownSignals?: readonly string[]): string[] {
  try {
    parseConfig(text, 'guard.yaml', { directory: dir, ...(knownSignals ? { knownSignals } : {}) });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(formatProblem);
    throw error;
  }
  return [];
}

describe('defaults', () => {
  it('serves no file, an empty file and {} alike', () => {
    const none = loadConfig(undefined);
    for (const text of ['', '{}', '# only a comment\n', 'listen:\nagents:\n  default:\n']) {
      expect(parseConfig(text, 'guard.yaml')).toEqual(none);
    }
    expect(none).toMatchObject({
      mode: 'shadow',
      prior: 0.1,
      listen: { host: '127.0.0.1', port: 8080 },
      agents: { default: { language: 'en', responder: 'scripted', reminders: { trigger_ms: 10_000, max_count: 1 } } },
      responders: { scripted: { type: 'scripted' } },
      sanctioned_countries: ['CU', 'IR', 'KP', 'SY', 'RU', 'BY', 'VE'],
    });
    expect(none.prompts_dir).toBeUndefined();
  });

  it('keeps the default agent and the scripted responder beside others', () => {
    const config = parseConfig(
      'agents: {sales: {language: es, mode: enforce, categories: {voicemail: message}}}\ncategories: {silent: ignore}\nresponders: {gpt: {type: openai, model: m}}',
      'guard.yaml',
    );
    expect(Object.keys(config.agents).sort()).toEqual(['default', 'sales']);
    expect(config.responders.gpt).toMatchObject({ type: 'openai', model: 'm', first_token_ms: 2_000, stall_ms: 2_000 });
    expect(config.responders.scripted).toEqual({ type: 'scripted' });
    expect(agentSettings(config, 'sales')).toMatchObject({
      mode: 'enforce',
      categories: { voicemail: 'message', silent: 'ignore' },
    });
    expect(agentSettings(config, 'default')?.mode).toBe('shadow');
  });

  it('finds no agent by the names of object properties', () => {
    const config = loadConfig(undefined);
    for (const name of ['constructor', '__proto__', 'toString', 'nobody', '']) {
      expect(agentSettings(config, name)).toBeUndefined();
      expect(config.agents[name]).toBeUndefined();
    }
  });

  it('prices a lost customer by preset or by number', () => {
    expect(lostCustomerCosts(loadConfig(undefined))).toBe(100);
    expect(lostCustomerCosts(parseConfig('preset: eager', 'g'))).toBe(30);
    expect(lostCustomerCosts(parseConfig('preset: cautious', 'g'))).toBe(1000);
    expect(lostCustomerCosts(parseConfig('preset: eager\nlost_customer_costs: 250', 'g'))).toBe(250);
  });

  it('hashes what it says', () => {
    expect(configHash(loadConfig(undefined))).toBe(configHash(parseConfig('{}', 'other.yaml')));
    expect(configHash(parseConfig('prior: 0.2', 'g'))).not.toBe(configHash(loadConfig(undefined)));
  });
});

describe('lists', () => {
  it('takes numbers, prefixes and objects, with or without quotes', () => {
    const { lists } = parseConfig(
      'lists:\n  allow: [+15551234567, "+1900*"]\n  block:\n    - +1900*\n    - {number: +447911123456, reason: why, until: 2030-01-31}\n',
      'guard.yaml',
    );
    expect(lists.allow).toEqual([{ number: '+15551234567' }, { number: '+1900*' }]);
    expect(lists.block).toEqual([
      { number: '+1900*' },
      { number: '+447911123456', reason: 'why', until: '2030-01-31' },
    ]);
    expect(lists.protect).toEqual([]);
  });

  it('takes countries in either case', () => {
    expect(parseConfig('sanctioned_countries: [ir, NO]', 'g').sanctioned_countries).toEqual(['IR', 'NO']);
  });
});

describe('problems', () => {
  it.each([
    ['mode: enforced', '1:1 mode: expected one of enforce, shadow, off, got "enforced" — did you mean "enforce"?'],
    ['\nlisten:\n  port: 99999', '3:3 listen.port: expected a whole number from 0 to 65535, got 99999'],
    ['listen:\n  port: 1.5', '2:3 listen.port: expected a whole number from 0 to 65535, got 1.5'],
    ['listen:\n  prot: 3', '2:3 listen.prot: unknown field — did you mean "port"?'],
    ['port: 3', '1:1 port: unknown field — it belongs under "listen"'],
    ['begin_message: hi', '1:1 begin_message: unknown field — it belongs under "agents.<name>"'],
    ['bogus:', '1:1 bogus: unknown field — fields here are: mode,'],
    ['listen: [1]', '1:1 listen: expected a map, got a list'],
    ['listen: {allowed_ips: [10.0.0.0/40]}', '1:24 listen.allowed_ips.0: expected an IP address or range'],
    ['agents: {a b: {}}', '1:10 agents.a b: expected 1 to 64 letters'],
    ['agents: {default: {responder: x}}', '1:20 agents.default.responder: there is no responder "x"'],
    [
      'agents: {default: {categories: {silnt: ignore}}}',
      'agents.default.categories.silnt: unknown field — did you mean "silent"?',
    ],
    ['agents: {default: {language: "???"}}', 'agents.default.language: expected a language tag'],
    ['agents: {default: {transfer_to: 15551234567}}', 'agents.default.transfer_to: expected text, got 15551234567'],
    [
      'responders: {x: {type: openi}}',
      '1:18 responders.x.type: expected one of scripted, openai, anthropic, providers, relay, got "openi" — did you mean "openai"?',
    ],
    ['responders: {x: {}}', '1:14 responders.x.type: missing; expected one of scripted, openai'],
    ['responders: {x: {type: openai}}', '1:14 responders.x.model: missing; expected text — Name of the model.'],
    ['lists: {block: [1900]}', '1:17 lists.block.0: expected text or a map, got 1900'],
    [
      'lists: {block: [{number: +15551234567, untl: x}]}',
      '1:40 lists.block.0.untl: unknown field — did you mean "until"?',
    ],
    ['lists: {block: [{number: +15551234567, until: soon}]}', 'lists.block.0.until: expected a date or time'],
    ['sanctioned_countries: [XX]', '1:24 sanctioned_countries.0: expected an ISO 3166 country code'],
    ['saved: {price_per_minute: free}', '1:9 saved.price_per_minute: expected a number from 0 to 1000, got "free"'],
    ['log: {level: chatty}', '1:7 log.level: expected one of fatal, error'],
    ['hello', '1:1: expected a map, got "hello"'],
    ['mode: off\nmode: shadow', '2:1: Map keys must be unique — the same key stands above'],
    ['listen:\n\tport: 1', '2:1: Tabs are not allowed as indentation — indent with spaces'],
    ['a: [1\nb: 2', '2:1: '],
    ['mode: shadow\n---\nmode: off', '2:1: '],
    ['prompts_dir: nowhere', '1:1 prompts_dir: no such directory'],
  ])('%j', (text, expected) => {
    const found = problemsOf(text);
    expect(
      found.some((line) => line.startsWith('guard.yaml:') && line.includes(expected)),
      found.join('\n'),
    ).toBe(true);
  });

  it('lists every problem at once, in the order of the lines', () => {
    const found = problemsOf(
      'mode: x\nprior: 3\nlisten:\n  port: y\n  zort: 1\nagents:\n  default:\n    responder: nobody\n    prompt_file: gone.md\nsilence: 3\nsilence: 3\n',
    );
    const lines = found.map((line) => Number(/^guard\.yaml:(\d+):/.exec(line)?.[1]));
    expect(lines).toEqual([1, 2, 4, 5, 8, 9, 10, 11]);
  });

  it('knows the signals it is given, and takes any name otherwise', () => {
    const text = 'agents: {default: {signals: {robocal: off}}}';
    expect(problemsOf(text)).toEqual([]);
    expect(problemsOf(text, ['robocall', 'silence'])).toEqual([
      'guard.yaml:1:30 agents.default.signals.robocal: unknown field — did you mean "robocall"?',
    ]);
    expect(problemsOf('agents: {default: {signals: {robocall: off}}}', ['robocall'])).toEqual([]);
    expect(problemsOf('agents: {default: {signals: {robocall: on}}}', ['robocall'])[0]).toContain('expected one of');
  });

  it('reports an empty value where nothing stands for a default', () => {
    expect(problemsOf('categories:\n  sales_pitch:\n')[0]).toContain('2:3 categories.sales_pitch: expected one of');
  });
});

describe('secrets in the file', () => {
  it.each([
    ['openai_api_key: sk-proj-abcdefghijklmnop', 'OPENAI_API_KEY'],
    ['responders: {x: {type: openai, model: m, api_key: sk-abcdefghijklmnop}}', 'environment only'],
    ['listen: {secret: hunter2hunter2}', 'environment only'],
    ['HANGUP_GUARD_KEY: hunter2hunter2', '(HANGUP_GUARD_KEY)'],
    ['redis_url: redis://h', '(REDIS_URL)'],
    ['responders: {x: {type: openai, model: m, base_url: "https://me:hunter2hunter2@host/v1"}}', 'environment only'],
    ['agents: {default: {prompt: sk-ant-abcdefghijklmnop}}', 'environment only'],
    ['mode: sk-proj-abcdefghijklmnop', 'environment only'],
  ])('%j is refused, explained and not shown', (text, expected) => {
    const found = problemsOf(text).join('\n');
    expect(found).toContain(expected);
    expect(found).not.toMatch(/abcdefgh|hunter2/);
  });

  it('takes max_tokens for what it is', () => {
    expect(problemsOf('responders: {x: {type: openai, model: m, max_token: 3}}')[0]).toContain(
      'did you mean "max_tokens"?',
    );
  });
});

describe('files', () => {
  it('reads the prompt beside the file and makes prompts_dir absolute', () => {
    const home = join(dir, 'home');
    mkdirSync(join(home, 'texts'), { recursive: true });
    writeFileSync(join(home, 'p.md'), 'You sell pizza.\n');
    writeFileSync(join(home, 'guard.yaml'), 'prompts_dir: texts\nagents: {pizza: {prompt_file: p.md}}');
    const config = loadConfig(join(home, 'guard.yaml'));
    expect(config.agents.pizza?.prompt).toBe('You sell pizza.');
    expect(config.prompts_dir).toBe(join(home, 'texts'));
    expect(findConfigFile(home)).toBe(join(home, 'guard.yaml'));
    expect(findConfigFile(join(home, 'texts'))).toBeUndefined();
  });

  it('refuses prompt files that are absent, empty, directories or beside a prompt', () => {
    writeFileSync(join(dir, 'empty.md'), ' \n');
    writeFileSync(join(dir, 'full.md'), 'text');
    const at = (value: string) => problemsOf(`agents:\n  default:\n    prompt_file: ${value}`)[0];
    expect(at('gone.md')).toContain('3:5 agents.default.prompt_file: no such file');
    expect(at('empty.md')).toContain('the file is empty');
    expect(at('.')).toContain('not a file');
    expect(problemsOf('agents: {default: {prompt: x, prompt_file: full.md}}')[0]).toContain('given beside prompt');
  });

  it('explains a file that is not there, is a directory, or is no text', () => {
    expect(() => loadConfig(join(dir, 'gone.yaml'))).toThrow(
      /gone\.yaml: no such file — make one with: hangup-guard init/,
    );
    expect(() => loadConfig(dir)).toThrow(/not a file/);
    writeFileSync(join(dir, 'bytes.yaml'), Buffer.from([0x6d, 0xff, 0xfe]));
    expect(() => loadConfig(join(dir, 'bytes.yaml'))).toThrow(/not UTF-8 text/);
  });

  it('survives hostile YAML', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((key, at) => `${key}: &${key} [${Array(10).fill(`*${'abcdefgh'[at]}`).join(',')}]`)
      .join('\n')}`;
    expect(problemsOf(bomb).length).toBeGreaterThan(0);
    expect(problemsOf('['.repeat(20_000)).length).toBeGreaterThan(0);
    expect(problemsOf('__proto__: {mode: off}').length).toBeGreaterThan(0);
  });
});
