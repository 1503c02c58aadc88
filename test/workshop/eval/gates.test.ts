import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultGatesFile, evaluateGates, loadGates } from '../../../src/workshop/eval/gates.ts';
import { summarise } from '../../../src/workshop/eval/summarise.ts';
import { hungUp, madeCall, madeRun } from './made-runs.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gates-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function read(text: string) {
  const file = join(directory, 'gates.yaml');
  writeFileSync(file, text);
  return loadGates(file);
}

const machine = { kind: 'recording', expect: { decision: 'hang_up' } } as const;
const caught = madeCall('a', { record: hungUp(), result: { ...machine, endedBy: 'agent', callMs: 20_000 } });
const missed = madeCall('b', { wrong: { kind: 'missed', differences: [], turn: null, callMs: null }, result: machine });
const summaryOf = (...calls: (typeof caught)[]) => summarise(madeRun('run', calls));

describe('gates', () => {
  it('say file, line and what was meant', () => {
    expect(() => read('people_cut: 0\npeople_cutt: 1\n')).toThrow(/gates\.yaml:2:1 people_cutt.*people_cut/);
    expect(() => read('caught_share: 90\n')).toThrow(/gates\.yaml:1:1 caught_share/);
    expect(() => read('people_cut: [\n')).toThrow(/gates\.yaml:/);
    expect(() => loadGates(join(directory, 'none.yaml'))).toThrow('no such file');
    expect(read('')).toEqual({});
  });

  it('pass and fail', () => {
    const gates = read('people_cut: 0\ncaught_share: 0.6\nunexpected: 0\nmedian_s: 15\n');
    expect(evaluateGates(summaryOf(caught, missed), gates)).toEqual([
      { name: 'people_cut', wanted: 'at most 0', seen: '0', passed: true },
      { name: 'caught_share', wanted: 'at least 60%', seen: '50%', passed: false },
      { name: 'unexpected', wanted: 'at most 0', seen: '1', passed: false },
      { name: 'median_s', wanted: 'at most 15 s', seen: 'half or more were not hung up on', passed: false },
    ]);
    const [, share, , medianS] = evaluateGates(summaryOf(caught), gates);
    expect(share).toMatchObject({ seen: '100%', passed: true });
    expect(medianS).toMatchObject({ seen: '20 s', passed: false });
  });

  it('pass where there is nothing to measure', () => {
    const gates = read('caught_share: 0.9\npeople_probed_share: 0\nmedian_s: 1\nflip_rate: 0\nlatency_p95_ms: 1\n');
    for (const gate of evaluateGates(summaryOf(), gates)) {
      expect(gate).toMatchObject({ seen: 'nothing to measure', passed: true });
    }
  });

  it('of the package can be read', () => {
    const file = defaultGatesFile();
    expect(loadGates(file ?? '')).toMatchObject({ people_cut: 0, unanswered: 0, unexpected: 0, unrecorded: 0 });
  });
});
