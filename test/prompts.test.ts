import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROBE_KINDS } from '../src/guard/types.ts';
import { parseProbeFile } from '../src/prompts/parse-probe-file.ts';
import { fillPrompt, loadPrompts, packagePromptsDir, TEXT_KINDS } from '../src/prompts.ts';

const vars = { scope: 'booking tables', agent: 'Ana' };

describe('the prompts of the package', () => {
  const prompts = loadPrompts();

  it('speak ten languages', () => {
    expect(prompts.languages).toEqual(['ar', 'de', 'en', 'es', 'fr', 'hi', 'ht', 'pt', 'vi', 'zh']);
  });

  it('have a text of their own for every kind in every language, and answers', () => {
    for (const language of prompts.languages) {
      for (const kind of TEXT_KINDS) {
        expect(prompts.texts(language, kind).length, `${language} ${kind}`).toBeGreaterThan(0);
        expect(prompts.text(language, kind, vars), `${language} ${kind}`).not.toMatch(/[{}]|^$/);
        // No language borrows from English.
        if (language !== 'en') expect(prompts.texts(language, kind)).not.toEqual(prompts.texts('en', kind));
      }
      for (const [kind, texts] of Object.entries(prompts.answers(language))) {
        expect(texts.length, `${language} ${kind}`).toBeGreaterThan(2);
      }
    }
  });

  it('cover every kind of probe', () => {
    for (const kind of PROBE_KINDS) expect(TEXT_KINDS).toContain(kind);
  });

  it('fall back from a variant to its language to English', () => {
    expect(prompts.text('es-MX', 'goodbye', vars)).toBe(prompts.text('es', 'goodbye', vars));
    expect(prompts.text('pt_BR', 'goodbye', vars)).toBe(prompts.text('pt', 'goodbye', vars));
    expect(prompts.text('tlh', 'goodbye', vars)).toBe(prompts.text('en', 'goodbye', vars));
    expect(prompts.answers('tlh')).toEqual(prompts.answers('en'));
  });

  it('are filled with the variables', () => {
    expect(prompts.text('en', 'scope', vars)).toContain('booking tables');
    expect(prompts.text('en', 'screening', vars)).toContain('Ana');
  });
});

it('fills variables as they are, once', () => {
  expect(fillPrompt('{{scope}} and {{ agent }}', { scope: '$& {{agent}}', agent: 'B' })).toBe('$& {{agent}} and B');
});

describe('parseProbeFile', () => {
  const head = '---\nname: x\nversion: 1\npurpose: y\n---\n';
  const messages = (content: string) =>
    parseProbeFile(content, 'f.md').problems.map(
      (problem) => `${problem.line} ${problem.message} ${problem.hint ?? ''}`,
    );

  it('reads front matter and sections', () => {
    const { parsed, problems } = parseProbeFile(
      `${head}\n## hold\n- One moment.\n- Wait.\r\n\n## yes\n- yes\n`,
      'f.md',
    );
    expect(problems).toEqual([]);
    expect(parsed).toMatchObject({ name: 'x', version: '1', purpose: 'y' });
    expect(parsed.sections.get('hold')).toEqual(['One moment.', 'Wait.']);
    expect(parsed.sections.get('yes')).toEqual(['yes']);
  });

  it.each([
    [`${head}## hold\n- Hi {{scop}}`, '7 unknown variable "{{scop}}" did you mean "scope"?'],
    [`${head}## hold\n- Hi {{company}}`, '7 unknown variable "{{company}}" variables are'],
    [`${head}## hold\n- Hi {{}}`, '7 unknown variable "{{}}"'],
    [`${head}## hold\n- Hi {scope}`, '7 a stray brace'],
    [`${head}## hald\n- Hi`, '6 unknown section "hald" did you mean "hold"?'],
    [`${head}### hold\n- Hi`, '6 unknown section "hold"'],
    [`${head}## hold\n- a\n## hold\n- b`, '8 section "hold" is there twice'],
    [`${head}- a`, '6 text before the first section'],
    [`${head}## hold\nOne moment`, '7 not a text'],
    [`${head}## hold\n- ${'a'.repeat(401)}`, '7 text of 401 characters'],
    [`${head}## yes\n- Yes`, '7 an answer with capitals'],
    [`${head}## yes\n- {{scope}}`, '7 a variable in an answer'],
    ['## hold\n- a', '1 no front matter'],
    ['---\nname: x\nversion: 1\n---\n', '1 front matter has no purpose'],
    ['---\nnam: x\nname: x\nversion: 1\npurpose: y\n---\n', '2 unknown front matter'],
  ])('%j', (content, expected) => {
    expect(
      messages(content).some((message) => message.startsWith(expected)),
      messages(content).join('\n'),
    ).toBe(true);
  });
});

describe('a directory of the user', () => {
  const english = readFileSync(join(packagePromptsDir, 'probes/en.md'), 'utf8');
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'guard-prompts-'));
    mkdirSync(join(dir, 'probes'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('replaces file by file and changes the hash', () => {
    writeFileSync(join(dir, 'probes/en.md'), english.replace('- Goodbye.', '- Take care.'));
    const prompts = loadPrompts(dir);
    expect(prompts.text('en', 'goodbye', vars)).toBe('Take care.');
    expect(prompts.text('es', 'goodbye', vars)).toBe(loadPrompts().text('es', 'goodbye', vars));
    expect(prompts.hash).toMatch(/^[0-9a-f]{12}$/);
    expect(prompts.hash).not.toBe(loadPrompts().hash);
  });

  it('adds languages; a variant may leave kinds to its language', () => {
    writeFileSync(
      join(dir, 'probes/es-MX.md'),
      '---\nname: x\nversion: 1\npurpose: y\n---\n## goodbye\n- Ándele pues.\n',
    );
    const prompts = loadPrompts(dir);
    expect(prompts.text('es-mx', 'goodbye', vars)).toBe('Ándele pues.');
    expect(prompts.text('es-MX', 'hold', vars)).toBe(prompts.text('es', 'hold', vars));
  });

  it('reports every problem of every file with file and line', () => {
    writeFileSync(join(dir, 'probes/en.md'), english.replace('- Goodbye.', '- Goodbye {{nam}}.'));
    writeFileSync(join(dir, 'probes/it.md'), english.replace('## goodbye\n- Goodbye.\n', ''));
    const line = english.split('\n').indexOf('- Goodbye.') + 1;
    expect(() => loadPrompts(dir)).toThrow(
      new RegExp(`en\\.md:${line}:1: unknown variable[\\s\\S]*it\\.md: no texts for "goodbye"`),
    );
  });

  it('replaces prompts for models, and the hash of that file alone', () => {
    const guard = readFileSync(join(packagePromptsDir, 'guard.md'), 'utf8');
    writeFileSync(join(dir, 'guard.md'), guard.replace('You are on the phone.', 'You are on a phone call.'));
    const mine = loadPrompts(dir);
    const theirs = loadPrompts();
    expect(mine.model.guard.prefix).toMatch(/^You are on a phone call\./);
    expect(mine.model.guard.hash).toMatch(/^[0-9a-f]{12}$/);
    expect(mine.hashes.guard).toBe(mine.model.guard.hash);
    const { guard: changed, ...others } = mine.hashes;
    expect(changed).not.toBe(theirs.hashes.guard);
    expect({ ...others, guard: theirs.hashes.guard }).toEqual(theirs.hashes);
    expect(mine.files.filter(({ from }) => from === 'override').map(({ id }) => id)).toEqual(['guard']);
    expect(mine.warnings).toEqual([]);
  });

  it('reports problems of prompts for models beside those of probes', () => {
    writeFileSync(join(dir, 'classifier.md'), '---\nname: x\nversion: 1\npurpose: y\n---\nAnswer {{scope}}');
    writeFileSync(join(dir, 'probes/en.md'), english.replace('- Goodbye.', '- Goodbye {{nam}}.'));
    expect(() => loadPrompts(dir)).toThrow(
      /classifier\.md:1:1: no \{\{scope\}\}[\s\S]*classifier\.md:6:1: undeclared variable[\s\S]*nothing about "toll_fraud"[\s\S]*en\.md/,
    );
  });

  it('warns of a file that is named almost like a prompt; others may lie there', () => {
    writeFileSync(join(dir, 'gaurd.md'), 'text');
    writeFileSync(join(dir, 'README.md'), 'text');
    expect(loadPrompts(dir).warnings).toEqual([
      { file: expect.stringMatching(/gaurd\.md$/), message: 'is not read', hint: 'did you mean "guard.md"?' },
    ]);
  });

  it('must exist', () => {
    expect(() => loadPrompts(join(dir, 'gone'))).toThrow(/no such directory/);
  });
});
