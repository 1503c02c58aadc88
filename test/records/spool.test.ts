import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { wallClock } from '../../src/clock.ts';
import { Spool } from '../../src/records/spool.ts';
import { encodeSpoolLine, MAX_LINE_BYTES, parseSpoolLine } from '../../src/records/spool-line.ts';
import { closed, decided, hungUp, makeDir, opened, record } from './sample.ts';

function linesIn(dir: string): (string | undefined)[] {
  return readdirSync(dir).flatMap((name) =>
    readFileSync(join(dir, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => parseSpoolLine(line)?.callId),
  );
}

function openSpool(limitBytes?: number) {
  const dir = join(makeDir(), 'spool');
  return { dir, spool: new Spool({ dir, clock: wallClock, ...(limitBytes === undefined ? {} : { limitBytes }) }) };
}

describe('spool', () => {
  it('writes one file, named after the process', () => {
    const { dir, spool } = openSpool();
    spool.append(opened('a'), false);
    spool.append(decided('a'), true);
    expect(readdirSync(dir)).toEqual([expect.stringMatching(new RegExp(`^${process.pid}-\\d+-[0-9a-f]+\\.ndjson$`))]);
    expect(linesIn(dir)).toEqual(['a', 'a']);
  });

  it('starts another file at the limit and names those that are closed', () => {
    const { dir, spool } = openSpool(2000);
    for (let i = 0; i < 40; i++) spool.append(opened(`call-${i}`), false);
    const names = readdirSync(dir);
    expect(names.length).toBeGreaterThan(2);
    expect(spool.closedFiles.length).toBe(names.length - (spool.current === null ? 0 : 1));
    expect(linesIn(dir)).toHaveLength(40);
  });

  it('throws when its directory was replaced by a file', () => {
    const { dir, spool } = openSpool();
    spool.append(opened('a'), false);
    rmSync(dir, { recursive: true });
    writeFileSync(dir, '');
    expect(() => spool.append(decided('a'), true)).toThrow(/cannot write to the spool/);
  });

  it.runIf(process.platform === 'linux')(
    'throws when its descriptor is gone, and goes on in another file (Linux only: needs /proc)',
    () => {
      const { dir, spool } = openSpool();
      spool.append(opened('a'), false);
      const path = join(dir, spool.current?.name ?? '');
      const fd = readdirSync('/proc/self/fd').find((name) => {
        try {
          return readlinkSync(`/proc/self/fd/${name}`) === path;
        } catch {
          return false;
        }
      });
      closeSync(Number(fd));
      expect(() => spool.append(decided('a'), true)).toThrow(/EBADF/);
      spool.append(opened('b'), true);
      expect(linesIn(dir).sort()).toEqual(['a', 'b']);
    },
  );

  it('finds out that its file was removed and writes the line to a new one', () => {
    const { dir, spool } = openSpool();
    spool.append(opened('a'), false);
    unlinkSync(join(dir, spool.current?.name ?? ''));
    spool.append(decided('b'), true);
    expect(linesIn(dir)).toEqual(['b']);
  });

  it('throws after close', () => {
    const { spool } = openSpool();
    spool.close();
    expect(() => spool.append(opened('a'), false)).toThrow(/closed/);
  });

  it.runIf(process.platform === 'linux')(
    'takes a half-written line back when the disk is full (Linux only: needs a limit on file size)',
    () => {
      const dir = makeDir();
      mkdirSync(join(dir, 'spool'));
      const child = fileURLToPath(new URL('./fill-spool-child.ts', import.meta.url));
      // A limit on the size of files stands in for a full disk: the write that crosses it is cut short, the next fails.
      const run = spawnSync(
        'bash',
        ['-c', `trap '' XFSZ; ulimit -f 16; exec "${process.execPath}" --import tsx "${child}" "${dir}/spool"`],
        {
          encoding: 'utf8',
        },
      );
      expect(run.stderr).toBe('');
      expect(run.stdout).toMatch(/^refused after [1-9]\d* lines: .*EFBIG/);
      const [name = ''] = readdirSync(join(dir, 'spool'));
      const text = readFileSync(join(dir, 'spool', name), 'utf8');
      expect(text.endsWith('\n')).toBe(true);
      expect(
        text
          .split('\n')
          .slice(0, -1)
          .every((line) => parseSpoolLine(line) !== null),
      ).toBe(true);
    },
  );
});

describe('spool lines', () => {
  it.each([opened('a'), decided('a'), closed(hungUp('a', { events: 'AAAA' }))])('read back as written', (line) => {
    expect(parseSpoolLine(encodeSpoolLine(line).toString())).toEqual(line);
  });

  it('drop the event log of a record that is too long, with a fault', () => {
    const line = parseSpoolLine(
      encodeSpoolLine(closed(record('a', { events: 'A'.repeat(MAX_LINE_BYTES) }))).toString(),
    );
    expect(line?.type === 'closed' && line.record.events).toBeUndefined();
    expect(line?.type === 'closed' && line.record.faults).toEqual([expect.stringContaining('event log dropped')]);
  });

  it('refuse what stays too long', () => {
    expect(() => encodeSpoolLine(opened('a'.repeat(MAX_LINE_BYTES)))).toThrow(RangeError);
  });

  it('leave no text of a call that asked for none', () => {
    const evidence = [
      {
        turn: 1,
        callMs: 1,
        points: 1,
        evidence: [{ signal: 's', group: 'g', level: 'l', reason: 'r', points: 1, quote: 'secret' }],
      },
    ];
    const text = encodeSpoolLine(closed(record('a', { noText: true, events: 'c2VjcmV0', evidence }))).toString();
    expect(text).not.toContain('secret');
    expect(text).not.toContain('c2VjcmV0');
    expect(encodeSpoolLine(closed(record('a', { evidence }))).toString()).toContain('secret');
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"type":"new"}',
    '{"type":"sent","at":"1","callId":"a","attempt":1}',
    JSON.stringify({ ...closed(record('a')), callId: 'b' }),
  ])('that are damaged are null: %s', (text) => {
    expect(parseSpoolLine(text)).toBeNull();
  });
});
