import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/errors.ts';
import { fixturesCommand } from '../../src/cli/fixtures.ts';
import type { Terminal } from '../../src/cli/fixtures-terminal.ts';
import { runCli } from '../../src/cli/program.ts';
import type { CallEvent } from '../../src/guard/types.ts';
import { EventLog } from '../../src/records/event-log.ts';
import { encodeSpoolLine } from '../../src/records/spool-line.ts';
import { loadFixtures } from '../../src/workshop/fixture-files.ts';
import { closed, hungUp, makeDir, record } from '../records/sample.ts';

const packaged = join(import.meta.dirname, '../../fixtures');

const nobody: Terminal = {
  isTty: false,
  ask: () => Promise.reject(new Error('nobody is there to be asked')),
  edit: () => {
    throw new Error('nobody is there to edit');
  },
};

/** Somebody who gives these answers, one after the other. */
function person(answers: string[], edit: (text: string) => string = (text) => text): Terminal & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    isTty: true,
    ask: async (question) => {
      asked.push(question);
      return answers.shift() ?? '';
    },
    edit,
  };
}

async function run(argv: readonly string[], terminal: Terminal = nobody) {
  let out = '';
  let err = '';
  const make = () => fixturesCommand({ fixturesDirectory: packaged, terminal });
  const code = await runCli([{ make }], ['fixtures', ...argv], {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

function said(text: string): CallEvent {
  const words = text.split(' ').map((word, at) => ({ word, startMs: 1_000 + at * 300, endMs: 1_300 + at * 300 }));
  return { type: 'caller-said', index: 0, text, words, at: 900 };
}

/** A data directory with a customer, a call that was hung up on, and one of somebody who opted out. */
function recordedCalls(): string {
  const dataDir = makeDir();
  mkdirSync(join(dataDir, 'spool'));
  const log = new EventLog();
  log.push(said('Hello \u001b[2J my name is Petunia Gladstone and my number is 213-867-5309'));
  const events = log.deflate();
  const lines = [
    closed(record('call_good', { events, callerNumber: '+12138675309' })),
    closed(hungUp('call_bad', { events, callerNumber: '+12138675309' })),
    closed(record('call_private', { noText: true })),
  ];
  appendFileSync(join(dataDir, 'spool', '1-1700000000000-abc.ndjson'), Buffer.concat(lines.map(encodeSpoolLine)));
  return dataDir;
}

const written = (dir: string) => (existsSync(dir) ? readdirSync(dir) : []);
/** Words of the caller that must not get out. */
const PRIVATE = /petunia|gladstone|867.?5309/i;

describe('fixtures check', () => {
  it('prints findings with their line, a summary, and exits 1', async () => {
    const dir = makeDir();
    await run(['new', 'one', '--dir', dir]);
    const { code, out, err } = await run(['check', dir]);
    expect(code).toBe(EXIT.finding);
    expect(out).toContain(`${dir}/one.yaml:3: error: the description is not filled in`);
    expect(out).toContain('1 fixture: 1 person, 0 machines, 1 language; 2 errors, 0 warnings');
    expect(err).toContain('hint: ');
    const json = JSON.parse((await run(['check', dir, '--json'])).out);
    expect(json).toMatchObject({ errors: 2, warnings: 0, totals: { fixtures: 1 } });
    expect(json.findings[0]).toMatchObject({ severity: 'error', line: 3 });
  });

  it('lets warnings pass but for --strict, and takes several paths', async () => {
    const dir = makeDir();
    const text = readFileSync(join(packaged, 'person-stutter.yaml'), 'utf8');
    writeFileSync(join(dir, 'a.yaml'), `${text.replace('name: person-stutter', 'name: a')}loop: true\n`);
    expect((await run(['check', join(dir, 'a.yaml'), join(packaged, 'silent-line.yaml')])).code).toBe(EXIT.ok);
    expect((await run(['check', '--strict', dir])).code).toBe(EXIT.finding);
    expect((await run(['check', join(dir, 'none')])).code).toBe(EXIT.usage);
  });
});

describe('fixtures list', () => {
  it('filters and counts', async () => {
    const all = await run(['list', packaged]);
    expect(all.out).toMatch(/silent-line .*silent .*en .*inbound .*hang_up silent/);
    expect(all.out).toMatch(/\d+ fixtures: \d+ people, \d+ machines, \d+ languages/);
    expect(all.out).toMatch(/suspicious by their tags: \d+ of \d+ \(\d+%\)/);
    const args = ['--kind', 'person', '--language', 'es', '--direction', 'inbound', '--decision', 'none', '--json'];
    const { totals, fixtures } = JSON.parse((await run(['list', packaged, ...args])).out);
    expect(fixtures.length).toBe(totals.fixtures);
    expect(fixtures.map(({ name }: { name: string }) => name)).toContain('person-spanish-appointment');
    expect(totals.languages).toEqual(['es']);
    expect((await run(['list', packaged, '--tag', 'no-such-tag'])).out).toBe('No fixtures match.\n');
    expect((await run(['list', '--kind', 'robot'])).code).toBe(EXIT.usage);
  });
});

describe('fixtures new', () => {
  it('writes a file, and never over another', async () => {
    const dir = join(makeDir(), 'deeper');
    const made = await run(['new', 'robocall-solar', '--kind', 'recording', '--category', 'toll_fraud', '--dir', dir]);
    expect(made).toMatchObject({ code: EXIT.ok, err: '' });
    expect(loadFixtures(dir)[0]).toMatchObject({ kind: 'recording', expect: { category: 'toll_fraud' } });
    writeFileSync(join(dir, 'robocall-solar.yaml'), 'mine');
    const again = await run(['new', 'robocall-solar', '--dir', dir]);
    expect(again.code).toBe(EXIT.usage);
    expect(again.err).toContain('is there already');
    expect(readFileSync(join(dir, 'robocall-solar.yaml'), 'utf8')).toBe('mine');
  });

  it.each([['../evil'], ['Upper'], ['a b'], ['a--b'], ['x'.repeat(101)]])('refuses the name %s', async (name) => {
    expect((await run(['new', name, '--dir', makeDir()])).code).toBe(EXIT.usage);
  });

  it('refuses a language that could break the file', async () => {
    expect((await run(['new', 'a', '--language', 'en\nx: y', '--dir', makeDir()])).code).toBe(EXIT.usage);
  });
});

describe('fixtures import --call', () => {
  const from = (dataDir: string, dir: string, ...args: string[]) => [
    'import',
    '--data-dir',
    dataDir,
    '--dir',
    dir,
    ...args,
  ];

  it('writes nothing without a person, and shows nothing that is private', async () => {
    const dir = join(makeDir(), 'out');
    const { code, out, err } = await run(from(recordedCalls(), dir, '--call', 'call_good'));
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('--confirmed');
    expect(out).toContain('turns.0.say: name: →');
    expect(out + err).not.toMatch(PRIVATE);
    expect(out).not.toContain('\u001b[2J');
    expect(written(dir)).toEqual([]);
  });

  it('writes what is confirmed, the same as was shown', async () => {
    const [dataDir, dir] = [recordedCalls(), makeDir()];
    const shown = JSON.parse((await run(from(dataDir, dir, '--call', 'call_good', '--dry-run', '--json'))).out);
    expect(shown.file).toBeNull();
    expect(written(dir)).toEqual([]);
    const done = await run(from(dataDir, dir, '--call', 'call_good', '--confirmed', '--json'));
    expect(done.code).toBe(EXIT.ok);
    expect(done.out).not.toMatch(PRIVATE);
    const [file = ''] = written(dir);
    expect(readFileSync(join(dir, file), 'utf8')).toBe(shown.yaml);
    expect(shown.yaml).not.toMatch(PRIVATE);
    expect(loadFixtures(dir)[0]).toMatchObject({ kind: 'person', expect: { decision: 'none' } });
    expect((await run(from(dataDir, dir, '--call', 'call_good', '--confirmed'))).code).toBe(EXIT.usage);
  });

  it('shows a person at the terminal what was replaced, asks, and takes no for no', async () => {
    const [dataDir, dir] = [recordedCalls(), makeDir()];
    for (const answer of ['n', '', 'what']) {
      const someone = person(['n', answer]);
      const { code, out } = await run(from(dataDir, dir, '--call', 'call_good'), someone);
      expect(code).toBe(EXIT.ok);
      expect(out).toMatch(/name: Petunia → \w+/);
      expect(out).not.toContain('\u001b[2J');
      expect(someone.asked.at(-1)).toContain('It must hold nothing of a real person. [y/N/e]');
      expect(written(dir)).toEqual([]);
    }
    await run(from(dataDir, dir, '--call', 'call_good', '--name', 'kept'), person(['n', 'y']));
    expect(written(dir)).toEqual(['kept.yaml']);
  });

  it('asks whether a hang-up was right, and without a person wants it said', async () => {
    const [dataDir, dir] = [recordedCalls(), makeDir()];
    const call = from(dataDir, dir, '--call', 'call_bad');
    const unsaid = await run([...call, '--confirmed']);
    expect(unsaid).toMatchObject({ code: EXIT.usage, out: '' });
    expect(unsaid.err).toContain('--expect none');
    await run([...call, '--name', 'right'], person(['y', 'y']));
    await run([...call, '--name', 'wrong'], person(['n', 'y']));
    await run([...call, '--name', 'told', '--expect', 'none', '--confirmed']);
    const [right, told, wrong] = loadFixtures(dir);
    expect(right).toMatchObject({ kind: 'recording', expect: { decision: 'hang_up', category: 'recorded_message' } });
    expect(wrong).toMatchObject({ kind: 'person', expect: { decision: 'none' } });
    expect(told?.expect).toEqual({ decision: 'none' });
  });

  it('checks what was edited before it is written', async () => {
    const [dataDir, dir] = [recordedCalls(), makeDir()];
    const call = from(dataDir, dir, '--call', 'call_good', '--name', 'edited');
    const broken = await run(
      call,
      person(['n', 'e', 'y'], (text) => text.replace('kind: "person"', 'kind: "robot"')),
    );
    expect(broken.code).toBe(EXIT.finding);
    expect(broken.out).toContain('edited.yaml:4: error: kind: ');
    expect(written(dir)).toEqual([]);
    await run(
      call,
      person(['n', 'e', 'y'], (text) => text.replace(/description: .*/, 'description: "Mine"')),
    );
    expect(loadFixtures(dir)[0]?.description).toBe('Mine');
  });

  it('replaces what it is told to', async () => {
    const [dataDir, dir] = [recordedCalls(), makeDir()];
    const call = from(dataDir, dir, '--call', 'call_good', '--dry-run', '--json');
    const { yaml } = JSON.parse((await run([...call, '--replace', 'hello=good evening'])).out);
    expect(yaml).toContain('good evening my name is');
    expect((await run([...call, '--replace', 'hello'])).code).toBe(EXIT.usage);
  });

  it('refuses who opted out, calls that are not there, and nothing at all', async () => {
    const [dataDir, dir] = [recordedCalls(), makeDir()];
    const optedOut = await run(from(dataDir, dir, '--call', 'call_private', '--confirmed'));
    expect(optedOut.code).toBe(EXIT.finding);
    expect(optedOut.err).toContain('does not want to be stored');
    expect((await run(from(dataDir, dir, '--call', 'call_gone'))).err).toContain('log list');
    expect((await run(from(makeDir(), dir, '--call', 'call_gone'))).err).toContain('nothing is recorded');
    expect((await run(from(dataDir, dir))).code).toBe(EXIT.usage);
    expect((await run(from(dataDir, dir, '--call', 'a', '--jsonl', 'b'))).code).toBe(EXIT.usage);
  });
});

describe('fixtures import --jsonl', () => {
  function rows(): string {
    const file = join(makeDir(), 'calls.jsonl');
    const lines = [
      { id: 'r1', label: 'robocall', text: 'This is a message for Petunia Gladstone, call 213-867-5309.' },
      {
        id: 'r2',
        label: 'legit',
        turns: [
          { role: 'caller', text: 'I am Petunia.' },
          { role: 'agent', text: 'Hello.' },
          { role: 'caller', text: 'Mail petunia@gladstone.io.' },
        ],
      },
      { id: 'r3', label: 'unheard-of', text: 'Hm.' },
    ];
    writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
    return file;
  }

  it('writes each row that is confirmed, scrubbed', async () => {
    const dir = makeDir();
    expect((await run(['import', '--jsonl', rows(), '--limit', '2', '--dir', dir, '--confirmed'])).code).toBe(EXIT.ok);
    const fixtures = loadFixtures(dir);
    expect(fixtures.map(({ kind, expect: { decision } }) => `${kind} ${decision}`).sort()).toEqual([
      'person none',
      'recording hang_up',
    ]);
    expect(
      written(dir)
        .map((file) => readFileSync(join(dir, file), 'utf8'))
        .join(),
    ).not.toMatch(PRIVATE);
  });

  it('chooses one by its id, and wants to know what an unknown label means', async () => {
    const [file, dir] = [rows(), makeDir()];
    const one = ['import', '--jsonl', file, '--dir', dir, '--confirmed', '--id'];
    expect((await run([...one, 'r2', '--name', 'petal'])).code).toBe(EXIT.ok);
    expect(written(dir)).toEqual(['petal.yaml']);
    expect((await run([...one, 'r3'])).code).toBe(EXIT.usage);
    expect((await run([...one, 'r3', '--expect', 'none'])).code).toBe(EXIT.ok);
    expect((await run([...one, 'r9'])).err).toContain('no such row');
    expect((await run(['import', '--jsonl', file, '--name', 'both'])).code).toBe(EXIT.usage);
  });
});

it('every command helps with examples', async () => {
  for (const command of [[], ['check'], ['list'], ['new'], ['import']]) {
    const { code, out } = await run([...command, '--help']);
    expect(code).toBe(EXIT.ok);
    expect(out).toContain('Examples:');
  }
});
