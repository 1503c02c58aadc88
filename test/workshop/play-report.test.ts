import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../../src/records/record.ts';
import { differences } from '../../src/workshop/expectation.ts';
import { reportPlays, upperBound } from '../../src/workshop/play-report.ts';
import { playReportText } from '../../src/workshop/play-report-text.ts';
import type { PlayResult } from '../../src/workshop/player/play-result.ts';

function result(over: Partial<PlayResult>): PlayResult {
  return {
    id: 'x',
    set: 'set',
    kind: 'recording',
    language: 'en',
    callId: 'call_x',
    wordsTotal: 40,
    endedBy: 'caller',
    how: 'left',
    callMs: 30_000,
    callerWords: 40,
    saidAllMs: 20_000,
    live: false,
    probes: [],
    turns: [],
    unanswered: [],
    maxDeadAirMs: 1_000,
    dropped: {},
    agentDigits: [],
    reconnects: 0,
    transcript: [],
    ...over,
  };
}

const live = (words: number, over: Partial<PlayResult> = {}): PlayResult =>
  result({ endedBy: 'agent', live: true, callerWords: words, callMs: words * 400, saidAllMs: null, ...over });
const bySilence = result({ endedBy: 'agent', live: false, callerWords: 40, callMs: 50_000 });
const miss = result({});

describe('reportPlays', () => {
  it('keeps live catches and those by silence apart, and counts a miss as infinity', () => {
    const { sets } = reportPlays([live(10), live(20), bySilence, miss, live(30)]);
    expect(sets[0]?.machines).toMatchObject({
      calls: 5,
      caught: 4,
      live: 3,
      bySilence: 1,
      medianWords: 30,
      medianS: 12,
      liveMedianWords: 30,
    });
    expect(reportPlays([live(10), miss, miss]).sets[0]?.machines?.medianWords).toBeNull();
    // By silence counts for one median and not for the other.
    const mixed = reportPlays([live(10), bySilence, bySilence]).sets[0]?.machines;
    expect(mixed).toMatchObject({ medianWords: 40, liveMedianWords: null });
    expect(JSON.stringify(mixed)).not.toContain('Infinity');
  });

  it('reports short rows apart, and means of groups beside rows', () => {
    const rows = [
      live(5, { wordsTotal: 19 }),
      miss,
      ...Array.from({ length: 8 }, () => live(10, { group: 'big' })),
      result({ group: 'small' }),
    ];
    const set = reportPlays(rows).sets[0];
    expect(set?.machines?.short).toMatchObject({ calls: 1, caught: 1 });
    expect(set?.machines?.long).toMatchObject({ calls: 10, caught: 8 });
    expect(set?.groups).toEqual({ groups: 2, caughtMean: 0.5, liveMean: 0.5 });
  });

  it('lists people who were cut or left without a reply', () => {
    const report = reportPlays([
      result({ kind: 'person', id: 'fine', probes: [{ kind: 'who', heard: true }] }),
      result({ kind: 'person', id: 'cut', endedBy: 'agent', saidAllMs: null }),
      result({ kind: 'person', id: 'mute', unanswered: [3] }),
      result({ kind: 'person', id: 'lost', endedBy: 'error', how: 'error_llm_websocket_open (x)' }),
    ]);
    expect(report.people).toMatchObject({ calls: 4, probed: 1, cut: 1, unanswered: 1 });
    expect(report.cut).toEqual([{ set: 'set', id: 'cut', callMs: 30_000, callerWords: 40, afterLastLine: false }]);
    expect(report.unanswered).toEqual([{ set: 'set', id: 'mute', turns: [3] }]);
    const text = playReportText(report);
    expect(text).toContain('set cut: after 30.0 s and 40 words');
    expect(text).toContain('set mute: response 3');
    expect(text).toContain('set lost: error_llm_websocket_open');
  });

  it('counts an unwanted person as caught, and a wanted machine as cut', () => {
    const seller = live(9, { kind: 'person', expect: { decision: 'hang_up' } });
    const alarm = live(9, { kind: 'recording', id: 'alarm', expect: { decision: 'none' } });
    const report = reportPlays([seller, alarm]);
    expect(report.cut.map(({ id }) => id)).toEqual(['alarm']);
    expect(report.sets.find(({ machines }) => machines !== undefined)?.machines).toMatchObject({ calls: 1, caught: 1 });
  });

  it('bounds what was not seen by the rule of three, else by Wilson', () => {
    expect(upperBound(0, 300)).toBeCloseTo(0.01);
    expect(upperBound(0, 0)).toBe(1);
    expect(upperBound(5, 100)).toBeCloseTo(0.1118, 3);
  });
});

describe('differences', () => {
  const record = {
    outcome: 'hung_up',
    decision: 'hang_up',
    category: 'robocall_menu',
    decidedTurn: 5,
    decidedCallMs: 41_000,
    probes: [],
    evidence: [{ turn: 1, callMs: 1, points: 1, evidence: [{ signal: 'keypad-menu' }] }],
  } as unknown as CallRecord;

  it('compares what can be seen from outside', () => {
    expect(differences(live(5, { expect: { decision: 'hang_up' } }))).toEqual([]);
    expect(differences(miss)).toEqual([]);
    expect(differences(result({ expect: { decision: 'hang_up' } }))).toEqual(['expected a hang-up, there was none']);
    expect(differences(live(5, { expect: { decision: 'none' } }))[0]).toMatch('hung up after 2.0 s');
    expect(differences(result({ kind: 'person', unanswered: [2], expect: { decision: 'none' } }))[0]).toMatch(
      'without a reply',
    );
    const late = live(5, {
      hangUpFrame: { atMs: 9_000, words: 5, turn: 4 },
      expect: { decision: 'hang_up', latestTurn: 3, latestS: 8 },
    });
    expect(differences(late)).toHaveLength(2);
    expect(differences(result({ expect: { decision: 'none', probed: true } }))[0]).toMatch('not probed');
  });

  it('compares everything with the record', () => {
    const expectation = {
      decision: 'hang_up',
      outcome: 'hung_up',
      category: 'robocall_menu',
      latestTurn: 5,
      latestS: 41,
      evidence: ['keypad-menu'],
      noEvidence: ['bot-loop'],
      probed: false,
    } as const;
    expect(differences(live(5, { expect: expectation }), record)).toEqual([]);
    const other = {
      ...expectation,
      category: 'silent',
      latestTurn: 4,
      latestS: 40,
      evidence: ['bot-loop'],
      noEvidence: ['keypad-menu'],
      probed: true,
    } as const;
    expect(differences(live(5, { expect: other }), record)).toHaveLength(6);
  });
});
