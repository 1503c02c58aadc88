import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixtureJsonSchema, fixtureScenario } from '../../src/workshop/fixture.ts';
import { FixtureError, loadFixtures } from '../../src/workshop/fixture-files.ts';

const GOOD = `format: 1
name: good
description: A caller.
kind: person
turns:
  - say: Hello there.
    gapS: 0.8
    bargeIn: true
  - digit: "1"
  - silent: true
  - agent-note: for readers
probes:
  closing: I am here.
  hold: { wait: true }
  who: { ignore: true }
  there: { digit: "2" }
before:
  - { outcome: hung_up, category: recorded_message, daysAgo: 1 }
expect:
  decision: none
  noEvidence: [keypad-menu]
`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fixtures-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(directory, `${name}.yaml`);
  writeFileSync(file, text);
  return file;
}

function fault(name: string, text: string): string {
  const file = write(name, text);
  try {
    loadFixtures(file);
  } catch (error) {
    expect(error).toBeInstanceOf(FixtureError);
    return (error as Error).message.replaceAll(`${directory}/`, '');
  }
  throw new Error('no fault was found');
}

describe('loadFixtures', () => {
  it('reads a file or a directory, and makes scenarios of them', () => {
    write('good', GOOD);
    write('quiet', GOOD.replace('name: good', 'name: quiet'));
    expect(loadFixtures(directory).map(({ name }) => name)).toEqual(['good', 'quiet']);
    const [fixture] = loadFixtures(join(directory, 'good.yaml'));
    if (fixture === undefined) throw new Error('nothing read');
    expect(fixtureScenario(fixture)).toMatchObject({
      id: 'good',
      kind: 'person',
      direction: 'inbound',
      agent: 'default',
      improvise: false,
      wordsTotal: 2,
      lines: [
        { type: 'say', text: 'Hello there.', gapMs: 800, bargeIn: true },
        { type: 'digit', digit: '1' },
        { type: 'silent' },
      ],
      probes: {
        closing: { type: 'say', text: 'I am here.' },
        hold: { type: 'wait' },
        who: { type: 'ignore' },
        there: { type: 'digit', digit: '2' },
      },
      before: [{ outcome: 'hung_up', category: 'recorded_message', daysAgo: 1 }],
      expect: { decision: 'none', noEvidence: ['keypad-menu'] },
    });
  });

  it('names file, line and what is wrong', () => {
    expect(fault('bad', GOOD.replace('name: good', 'name: bad').replace('kind: person', 'kind: robot'))).toMatch(
      /^bad\.yaml:4: kind: .*recording.*person.*silent/,
    );
    expect(fault('bad', GOOD.replace('name: good', 'name: bad').replace('gapS: 0.8', 'gapS: soon'))).toMatch(
      /^bad\.yaml:7: turns\.0\.gapS: /,
    );
    expect(fault('bad', GOOD.replace('name: good', 'name: bad').replace('bargeIn: true', 'bargein: true'))).toMatch(
      /^bad\.yaml:6: turns\.0: unknown key bargein/,
    );
    expect(fault('other', GOOD)).toBe('other.yaml:2: name: must be the name of the file, "other"');
    expect(fault('bad', 'format: 1\nname: [bad\n')).toMatch(/^bad\.yaml:\d+: /);
    expect(fault('bad', GOOD.replace('name: good', 'name: bad').replace('kind: person', 'kind: silent'))).toMatch(
      /^bad\.yaml:6: turns: a silent caller/,
    );
    expect(() => loadFixtures(join(directory, 'none.yaml'))).toThrow('no such file');
  });

  it('calls too many aliases, one without its anchor, and endless nesting faults of the file', () => {
    const ten = (name: string) => `[${Array(10).fill(`*${name}`).join(', ')}]`;
    const many = `a: &a [x, x]\nb: &b ${ten('a')}\nc: &c ${ten('b')}\nd: ${ten('c')}\n`;
    expect(fault('many', many)).toBe('many.yaml:2: too many aliases');
    expect(fault('none', 'a: x\nb: *none\n')).toMatch(/^none\.yaml:2: .*none/);
    expect(fault('deep', '['.repeat(200_000))).toMatch(/^deep\.yaml:\d+: /);
  });

  it('reads every fixture of the project', () => {
    const fixtures = loadFixtures(join(import.meta.dirname, '../../fixtures'));
    expect(fixtures.length).toBeGreaterThanOrEqual(12);
  });
});

describe('the JSON Schema', () => {
  it('is one for the file as it is written', () => {
    const schema = fixtureJsonSchema();
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(schema.required).toEqual(expect.arrayContaining(['format', 'name', 'kind', 'expect']));
    expect(schema.required).not.toContain('call');
  });
});
