import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { STORE_FILE } from '../../src/records/open-store.ts';
import { encodeSpoolLine } from '../../src/records/spool-line.ts';
import { closed, decided, hungUp, makeDir, opened, record } from '../records/sample.ts';

const CHILD = fileURLToPath(new URL('./log-child.ts', import.meta.url));

function run(...args: string[]) {
  const done = spawnSync(process.execPath, ['--import', 'tsx', CHILD, 'log', ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** A data directory as a process leaves it that died: a spool and nothing else. */
function leftBehind(): string {
  const dataDir = makeDir();
  mkdirSync(join(dataDir, 'spool'));
  const hostile = hungUp('call_bad', {
    startedAt: Date.UTC(2026, 0, 31, 13),
    evidence: [
      {
        turn: 1,
        callMs: 4000,
        points: 12,
        evidence: [
          {
            signal: 'content',
            group: 'text',
            level: 'strong',
            points: 12,
            reason: 'sells something',
            quote: 'hello \u001b[2J\u009b31m\nworld',
          },
        ],
      },
    ],
    rungs: [{ from: 'closing', to: 'hang_up', turn: 3, callMs: 21_000, points: 31.5, why: 'no answer to the closing' }],
    probes: [{ kind: 'who', turn: 2, callMs: 9000, result: 'failed', why: 'talked on' }],
    events: 'AAAA',
    faults: ['the classifier was slow'],
  });
  const lines = [
    closed(record('call_good', { agent: 'dental' })),
    closed(hostile),
    opened('call_open'),
    decided('call_killed'),
  ];
  const name = join(dataDir, 'spool', '1-1700000000000-abc.ndjson');
  appendFileSync(name, Buffer.concat(lines.map(encodeSpoolLine)));
  return dataDir;
}

describe('hangup-guard log', { timeout: 60_000 }, () => {
  const shared = (dataDir: string, ...args: string[]) => run(...args, '--data-dir', dataDir);

  it('lists, filters and masks', () => {
    const dataDir = leftBehind();
    const all = shared(dataDir);
    expect(all).toMatchObject({ code: 0, err: '' });
    expect(all.out).toMatch(/call_bad .*\+1213•••••43 .*hung_up .*hang_up .*recorded_message .*\+31\.5 .*90\.0 s/);
    expect(all.out).toContain('call_good');
    expect(all.out).toMatch(/call_killed .*failed/);
    expect(all.out).not.toContain('0143');
    const filtered = shared(dataDir, 'list', '--outcome', 'hung_up', '--since', '2026-01-31', '--numbers');
    expect(filtered.out).toContain('+12135550143');
    expect(filtered.out).not.toContain('call_good');
    expect(shared(dataDir, '--agent', 'nobody').out).toBe('No calls match.\n');
    const json = shared(dataDir, '--json', '--limit', '2').out.trimEnd().split('\n');
    expect(json.map((line) => JSON.parse(line).callId)).toEqual(['call_bad', 'call_good']);
    expect(json.join()).not.toContain('0143');
  });

  it('shows one call as a timeline without what a terminal would act on', () => {
    const shown = shared(leftBehind(), 'show', 'call_bad');
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toMatchInlineSnapshot(`
      "Call call_bad
        when       2026-01-31 13:00:00Z, 21.5 s, 3 turns of the caller
        who        inbound +1213•••••43 to +12135550199, agent default on retell
        outcome    hung_up
        decision   hang_up (recorded_message) at turn 3, 21.0 s, mode enforce
        verdict    +31.5 points, 99.9 % likely unwanted
        reason     repeats a recording that was hung up on before
        hang-up    decided (on disk), sent, confirmed by the platform
        saved      90.0 s
        fault      the classifier was slow

          4.0 s  turn 1: +12.0 points
                   +12.0  content strong               sells something  “hello world”
          9.0 s  probe "who": failed, talked on
         21.0 s  closing → hang_up (+31.5): no answer to the closing

      guard 0.1.0, code c0de, weights beef, config cafe, prompts f00d
      "
    `);
    expect(shown.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it('shows one call as JSON, with number and events on demand', () => {
    const dataDir = leftBehind();
    const masked = JSON.parse(shared(dataDir, 'show', 'call_bad', '--json').out);
    expect(masked).toMatchObject({ callId: 'call_bad', callerNumber: '+1213•••••43' });
    expect(masked).not.toHaveProperty('events');
    const whole = JSON.parse(shared(dataDir, 'show', 'call_bad', '--json', '--numbers').out);
    expect(whole).toMatchObject({ callerNumber: '+12135550143', events: 'AAAA' });
  });

  it('says what is wrong: 1 for what is not there, 2 for wrong usage', () => {
    const dataDir = leftBehind();
    expect(shared(dataDir, 'show', 'nobody\u001b[2J')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^error: call nobody is not recorded here/),
    });
    expect(shared(dataDir, 'show', 'call_open')).toMatchObject({
      code: 1,
      err: expect.stringContaining('has no record yet'),
    });
    expect(shared(join(dataDir, 'missing'))).toMatchObject({ code: 1, err: expect.stringContaining('--data-dir') });
    expect(shared(dataDir, '--limit', '0')).toMatchObject({ code: 2, err: expect.stringContaining('whole number') });
    expect(shared(dataDir, '--outcome', 'nonsense')).toMatchObject({
      code: 2,
      err: expect.stringContaining('completed'),
    });
    expect(shared(dataDir, 'show')).toMatchObject({ code: 2 });
    const damaged = makeDir();
    writeFileSync(join(damaged, STORE_FILE), 'no database '.repeat(500));
    expect(shared(damaged)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^error: .*damaged or not a database/),
    });
  });

  it('helps', () => {
    const help = run('--help');
    expect(help.code).toBe(0);
    expect(help.out).toContain('hangup-guard log show call_4f2a');
    expect(run('list', '--help').out).toContain('--since 24h --outcome hung_up');
  });
});
