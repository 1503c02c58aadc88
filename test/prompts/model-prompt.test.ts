import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../src/guard/types.ts';
import { CLASSIFIER_ANSWERS, MODEL_PROMPTS, parseModelPrompt } from '../../src/prompts/model-prompt.ts';
import { loadPrompts } from '../../src/prompts.ts';

const guard = { ...MODEL_PROMPTS.guard, needs: [] };
const head = (variables: string) => `---\nname: x\nversion: 1\npurpose: y\nvariables:\n${variables}---\n`;
const told = (content: string, kind: Parameters<typeof parseModelPrompt>[2] = guard) =>
  parseModelPrompt(content, 'f.md', kind).problems.map(({ line, message, hint }) => `${line} ${message} — ${hint}`);
const vars = { report: false, end_call: false, transfers: [], agent: 'Ana', scope: 's', prompt: 'p', language: 'en' };
const render = (body: string, more: Record<string, unknown> = {}) => {
  const declared = Object.entries(guard.variables)
    .filter(([name]) => new RegExp(`\\{\\{[#/ ]*${name}\\b`).test(body))
    .map(([name, type]) => `  ${name}: ${type}\n`);
  const { parsed, problems } = parseModelPrompt(`${head(declared.join(''))}${body}`, 'f.md', guard);
  expect(problems).toEqual([]);
  return parsed.render({ ...vars, ...more } as never);
};

describe('every problem is told with its line', () => {
  it.each([
    ['no front matter', 'Hello', '1 no front matter'],
    ['missing field', '---\nname: x\nversion: 1\n---\nHello', '1 front matter has no purpose'],
    [
      'unknown field',
      '---\nname: x\nbudgte: 3\nversion: 1\npurpose: y\n---\nHi',
      '3 unknown front matter "budgte: 3" — did you mean "budget"?',
    ],
    ['field twice', '---\nname: x\nname: z\nversion: 1\npurpose: y\n---\nHi', '3 "name" is there twice'],
    [
      'bad budget',
      '---\nname: x\nversion: 1\npurpose: y\nbudget: many\n---\nHi',
      '5 budget "many" — a budget is a whole number',
    ],
    ['unknown variable', `${head('  scop: text\n')}{{scop}}`, '6 unknown variable "scop" — did you mean "scope"?'],
    ['inherited name', `${head('  constructor: text\n')}{{constructor}}`, '6 unknown variable "constructor"'],
    [
      'unknown type',
      `${head('  scope: string\n')}{{scope}}`,
      '6 unknown type "string" — types are: text, language, flag, list',
    ],
    ['wrong type', `${head('  scope: flag\n')}{{scope}}`, '6 "scope" is a text, not a flag — write "scope: text"'],
    ['declared twice', `${head('  scope: text\n  scope: text\n')}{{scope}}`, '7 "scope" is there twice'],
    ['undeclared', `${head('  scope: text\n')}{{scope}}\n{{agnet}}`, '9 undeclared variable "{{agnet}}" — declare it'],
    [
      'undeclared, near',
      `${head('  scope: text\n')}{{scope}} {{scoep}}`,
      '8 undeclared variable "{{scoep}}" — did you mean "scope"?',
    ],
    ['unused', `${head('  scope: text\n')}Hello`, '6 variable "scope" is not used'],
    ['flag as text', `${head('  report: flag\n')}{{report}}`, '8 "report" is a flag — a flag is used as {{#report}}'],
    [
      'text as section',
      `${head('  scope: text\n')}{{#scope}}\na\n{{/scope}}`,
      '8 "scope" is a text — it is always there',
    ],
    ['not closed', `${head('  report: flag\n')}a\n{{#report}}\nb`, '9 section "report" is not closed'],
    ['closes nothing', `${head('  scope: text\n')}{{scope}}\n{{/scope}}`, '9 "{{/scope}}" closes nothing'],
    [
      'nested',
      `${head('  report: flag\n  end_call: flag\n')}{{#report}}\n{{#end_call}}\n{{/end_call}}`,
      '10 section "end_call" inside of section "report"',
    ],
    ['in a line', `${head('  report: flag\n')}a {{#report}} b {{/report}}`, '8 section "{{#report}}" within a line'],
    ['stray braces', `${head('  scope: text\n')}{{scope}} {{scope}`, '8 stray braces'],
    ['empty', head(''), '7 no text'],
  ])('%s', (_name, content, expected) => {
    expect(
      told(content).some((problem) => problem.startsWith(expected)),
      told(content).join('\n'),
    ).toBe(true);
  });

  it('once', () => {
    expect(told(`${head('  scope: flag\n')}{{scope}}`)).toHaveLength(1);
    expect(told(`${head('  scop: text\n')}{{scop}}`)).toHaveLength(1);
  });

  it('a guard without the agent’s own prompt, a classifier that leaves an answer out', () => {
    expect(told(`${head('  scope: text\n')}{{scope}}`, MODEL_PROMPTS.guard).join()).toContain('1 no {{prompt}}');
    const all = `${head('  scope: text\n')}{{scope}} ${CLASSIFIER_ANSWERS.join(' ')}`;
    expect(told(all, MODEL_PROMPTS.classifier)).toEqual([]);
    expect(told(all.replace('unsure', ''), MODEL_PROMPTS.classifier).join()).toContain('nothing about "unsure"');
    expect(told(all.replace(' voicemail', ' voicemails'), MODEL_PROMPTS.classifier).join()).toContain('"voicemail"');
  });
});

describe('rendering', () => {
  it('leaves sections out, lines and all', () => {
    const body =
      'a\n{{#report}}\n\nb\n{{/report}}\n\n{{#transfers}}\n{{transfers}}\n{{/transfers}}\nc {"json": {"x": 1} }';
    expect(render(body)).toBe('a\n\nc {"json": {"x": 1} }');
    expect(render(body, { report: true, transfers: ['desk: a\n person', 'b'] })).toBe(
      'a\n\nb\n\n- desk: a person\n- b\nc {"json": {"x": 1} }',
    );
  });

  it('puts values in as they are, once', () => {
    expect(render('{{scope}}, {{ agent }}', { scope: '$& {{agent}} {{#report}}', agent: '$1' })).toBe(
      '$& {{agent}} {{#report}}, $1',
    );
    expect(render('{{language}}', { language: 'pt-BR' })).toBe('Brazilian Portuguese');
  });

  it.each([
    ['{{scope}}', { scope: undefined }, 'prompt x: variable "scope" is missing'],
    ['{{scope}}', { scope: 3 }, 'prompt x: variable "scope" is not a text'],
    ['{{language}}', { language: 'no tag at all' }, 'prompt x: variable "language" is not a language'],
    ['{{#report}}\na\n{{/report}}', { report: 'yes' }, 'prompt x: variable "report" is not a flag'],
    ['{{transfers}}', { transfers: 'desk' }, 'prompt x: variable "transfers" is not a list'],
    ['{{transfers}}', { transfers: [1] }, 'prompt x: variable "transfers" is not a list'],
  ])('%s with %j', (body, more, message) => {
    expect(() => render(body, more)).toThrow(new RangeError(message));
  });
});

describe('the prompts of the package', () => {
  const { model } = loadPrompts();
  const definitions = (text: string) =>
    text.split('\n').flatMap((line) => /^- ([\w, ]+): \S/.exec(line)?.[1]?.split(', ') ?? []);
  const guardText = model.guard.render({
    ...vars,
    report: true,
    end_call: true,
    transfers: ['desk: asks for a person'],
  });
  const classifierText = model.classifier.render({ scope: 's', language: 'en' });

  it('define every category once, and nothing that is none', () => {
    expect(
      definitions(guardText)
        .filter((name) => name !== 'desk')
        .sort(),
    ).toEqual([...CATEGORIES].sort());
    expect(
      definitions(classifierText)
        .filter((name) => name !== 'desk')
        .sort(),
    ).toEqual([...CLASSIFIER_ANSWERS].sort());
  });

  it('show a borderline case that is not meant, for each that is heard', () => {
    for (const text of [guardText, classifierText]) {
      for (const line of text.split('\n').filter((one) => /^- [a-z]+(_[a-z]+)?: /.test(one))) {
        if (/^- (customer|unsure|hold_music|desk)/.test(line)) continue;
        expect(line).toMatch(/\bnot\b/i);
      }
    }
  });

  it.each([
    'relay operator',
    'speaking device',
    'interpreter',
    'stutter',
    'repeat',
    'pause',
    'distressed|weep',
    'elderly|old',
    'aloud',
    'bad line',
    'garbled',
  ])('protect %s', (who) => {
    for (const text of [guardText, classifierText, model['retell-llm'].render({ scope: 's' })])
      expect(text).toMatch(new RegExp(who));
  });

  it('name a tool only where it is there', () => {
    for (const [tool, on] of [
      ['report_caller', { report: true }],
      ['end_call', { end_call: true }],
      ['transfer_call', { transfers: ['d: w'] }],
    ] as const) {
      expect(model.guard.render(vars)).not.toContain(tool);
      expect(model.guard.render({ ...vars, ...on })).toContain(tool);
    }
  });

  it('begin with what is the same for every agent', () => {
    const other = model.guard.render({
      ...vars,
      agent: 'Bo',
      scope: 'x',
      language: 'de',
      report: true,
      prompt: 'other',
    });
    expect(other.startsWith(model.guard.prefix)).toBe(true);
    expect(model.guard.prefix.length).toBeGreaterThan(guardText.length * 0.7);
    expect(model.classifier.prefix.length).toBeGreaterThan(classifierText.length * 0.95);
  });

  it('for the hosted model speak of nothing that only the guard has', () => {
    const text = model['retell-llm'].render({ scope: 's' }) + model['retell-end-call'].render({});
    expect(text).not.toMatch(/<|report_caller|transfer_call|\{\{/);
  });
});
