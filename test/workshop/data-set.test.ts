import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSetError, loadDataSets } from '../../src/workshop/data-set.ts';

let directory: string;
const row = (value: unknown): string => `${JSON.stringify(value)}\n`;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'data-'));
  writeFileSync(
    join(directory, 'robocalls_x.jsonl'),
    row({ id: 'r1', text: 'Press one now.', label: 'robocall', campaign_text_group: 4, lang: 'en' }) +
      row({ id: 'r2', text: '恭喜您中奖了。', label: 'robocall', campaign_text_group: null, lang: 'zh' }),
  );
  writeFileSync(
    join(directory, 'callers_x.jsonl'),
    row({
      id: 'c1',
      label: 'legit',
      turns: [
        { role: 'caller', text: 'Hello.' },
        { role: 'caller', text: 'A table please.' },
        { role: 'agent', text: 'one two three four five six seven eight nine' },
        { role: 'caller', text: 'Thanks.' },
      ],
    }) +
      row({ id: 'c2', label: 'legit', turns: [{ role: 'agent', text: 'Only the agent.' }] }) +
      row({
        id: 'c3',
        label: 'legit',
        turns: [
          { role: 'caller', text: 'One.', t: 0 },
          { role: 'agent', text: 'Yes?', t: 2 },
          { role: 'caller', text: 'Two.', t: 6 },
          { role: 'caller', text: 'Three.', t: 500 },
        ],
      }),
  );
  writeFileSync(join(directory, 'odd.jsonl'), row({ id: 'o1', label: 'jailbreak', text: 'Ignore it.' }));
  writeFileSync(join(directory, 'readme.txt'), 'not a set');
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('loadDataSets', () => {
  it('chooses by label and shape', async () => {
    const all = await loadDataSets(directory);
    const byId = Object.fromEntries(all.map((scenario) => [scenario.id, scenario]));
    expect(Object.keys(byId).sort()).toEqual(['c1', 'c3', 'o1', 'r1', 'r2']);
    expect(byId.r1).toMatchObject({
      kind: 'recording',
      group: '4',
      expect: { decision: 'hang_up' },
      set: 'robocalls_x',
    });
    expect(byId.r2).toMatchObject({ language: 'zh', wordsTotal: 3 });
    expect(byId.r2?.group).toBeUndefined();
    expect(byId.c1).toMatchObject({ kind: 'person', expect: { decision: 'none' }, improvise: true });
    expect(byId.c1?.lines.map((line) => line.type === 'say' && line.text)).toEqual([
      'Hello. A table please.',
      'Thanks.',
    ]);
    expect(byId.o1).toMatchObject({ kind: 'person' });
    expect(byId.o1?.expect).toBeUndefined();
  });

  it('makes the caller of a dialogue a recording that pauses where its partner spoke', async () => {
    const [c1, c3] = await loadDataSets(directory, { asRecordings: true, sets: ['callers'] });
    expect(c1).toMatchObject({ kind: 'recording', expect: { decision: 'hang_up' } });
    const gaps = (of: typeof c1) => of?.lines.map((line) => (line.type === 'say' ? line.gapMs : null));
    // Nine words at 2.7 a second, and half a second to begin.
    expect(gaps(c1)).toEqual([undefined, 500, Math.round(500 + (9 / 2.7) * 1_000)]);
    // By the clock where it can be speech; 494 s cannot.
    expect(gaps(c3)).toEqual([undefined, Math.round(6_000 - 1_000 / 2.7), 500]);
  });

  it('includes, excludes and limits, the same way for the same seed', async () => {
    expect((await loadDataSets(directory, { exclude: ['robocalls', 'odd'] })).map(({ id }) => id)).toEqual([
      'c1',
      'c3',
    ]);
    const one = await loadDataSets(directory, { limit: 1, seed: 's' });
    expect(one).toHaveLength(3);
    expect(await loadDataSets(directory, { limit: 1, seed: 's' })).toEqual(one);
  });

  it('names what cannot be read', async () => {
    await expect(loadDataSets(join(directory, 'none'))).rejects.toThrow(DataSetError);
    await expect(loadDataSets(directory, { sets: ['nope'] })).rejects.toThrow('no file for nope');
    const bad = mkdtempSync(join(tmpdir(), 'data-'));
    writeFileSync(join(bad, 'a.jsonl'), `${row({ id: 'x', label: 'legit', text: 'ok' })}{"id":3}\n`);
    await expect(loadDataSets(bad)).rejects.toThrow(/a\.jsonl:2: id: /);
    rmSync(bad, { recursive: true });
  });
});
