import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EvalCall, LoadedRun } from '../../../src/workshop/eval/run.ts';
import { bundle, jsonBlock } from '../../../src/workshop/report/assets.ts';
import { reportHtml, reportJson, reportMarkdown } from '../../../src/workshop/report/index.ts';
import { MAX_TIMELINES } from '../../../src/workshop/report/report-calls.ts';
import { configAt, inputOf, namedScenarios, playedRun } from './report-kit.ts';

const HOSTILE = `</script><script>alert(1)</script><img src=x onerror=alert(2)> " ' & \u202egnp.\u0007\u001b[31mred @everyone [a](http://evil) | \`x\` \u2028 ]]> <!--`;

let run: LoadedRun;
beforeAll(async () => {
  run = await playedRun(
    '20261122-063012-4f1c',
    namedScenarios(['robocall-car-warranty', 'person-stutter']),
    configAt('balanced'),
  );
}, 60_000);

/** Every text that somebody else can choose is hostile. */
function hostile(call: EvalCall): EvalCall {
  const { record } = call;
  if (record === null) throw new Error('no record');
  return {
    ...call,
    key: `set/${HOSTILE}`,
    tags: [HOSTILE],
    knownMiss: HOSTILE,
    wrong: { kind: 'cut', differences: [HOSTILE], turn: 1, callMs: 1_000 },
    result: {
      ...call.result,
      language: HOSTILE,
      how: HOSTILE,
      transcript: call.result.transcript.map(({ role }) => ({ role, text: `${HOSTILE} ${'long'.repeat(25_000)}` })),
    },
    record: {
      ...record,
      reason: HOSTILE,
      agent: HOSTILE,
      callerNumber: HOSTILE,
      faults: [HOSTILE],
      rungs: record.rungs.map((one) => ({ ...one, why: HOSTILE })),
      probes: record.probes.map((one) => ({ ...one, why: HOSTILE })),
      evidence: record.evidence.map((one) => ({
        ...one,
        evidence: one.evidence.map((each) => ({ ...each, reason: HOSTILE, quote: HOSTILE })),
      })),
    },
  };
}

const withCalls = (calls: readonly EvalCall[]): LoadedRun => ({
  ...run,
  run: { ...run.run, cases: calls.length },
  calls,
});

describe('the report as a page', () => {
  it('keeps hostile text harmless, short and in its own direction', () => {
    const page = reportHtml(inputOf(withCalls(run.calls.map(hostile)), run));
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img src=x onerror=alert(2)&gt;');
    expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e]/);
    expect(page).toContain('<bdi dir="auto">');
    expect(page.length).toBeLessThan(500_000);
    expect(page).not.toMatch(/\sstyle=/);
  });

  it('names in its policy the hashes of what it runs, and nothing else', () => {
    const page = reportHtml(inputOf(run));
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'") ?? '';
    const inline = (tag: string) => new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)?.[1] ?? '';
    const hash = (text: string) => createHash('sha256').update(text).digest('base64');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'sha256-${hash(inline('script'))}';`);
    expect(policy).toContain(`style-src 'sha256-${hash(inline('style'))}';`);
    expect(policy).not.toContain('unsafe');
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(() => bundle('</style>', '')).toThrow(/end their own element/);
  });

  it('writes JSON that cannot end its element, and reads back the same', () => {
    const json = jsonBlock({ text: HOSTILE }).toString();
    expect(json).not.toMatch(/[<>\u2028\u2029]/);
    expect(JSON.parse(json)).toEqual({ text: HOSTILE });
    const page = reportHtml(inputOf(withCalls(run.calls.map(hostile))));
    const block = /<script type="application\/json" id="report-data">(.*?)<\/script>/s.exec(page)?.[1] ?? '';
    expect(JSON.parse(block).texts).toHaveLength(run.calls.length);
  });

  it('says what was not measured, and when a run is not complete', () => {
    const page = reportHtml(inputOf({ ...run, run: { ...run.run, finishedAt: null, cases: 9 } }));
    expect(page).toContain('was not measured');
    expect(page).toContain('2 of 9 calls were played');
  });

  it('marks the words that evidence rests on, where they were said', () => {
    const page = reportHtml(inputOf(run));
    expect(page).toContain('<mark class="bad">last reminder</mark>');
  });

  it('draws so many timelines of a big run and no more, wrong calls first, and says so', () => {
    const [call] = run.calls;
    if (call === undefined) throw new Error('no call');
    const many = Array.from({ length: MAX_TIMELINES + 50 }, (_, i) => ({
      ...call,
      key: `big/${String(i).padStart(4, '0')}`,
    }));
    const wrong = {
      ...call,
      key: 'big/zzz',
      wrong: { kind: 'cut' as const, differences: ['cut'], turn: 1, callMs: 1 },
    };
    const page = reportHtml(inputOf(withCalls([...many, wrong])));
    expect(page.match(/<article /g)).toHaveLength(MAX_TIMELINES);
    expect(page.match(/<tbody data-call/g)).toHaveLength(MAX_TIMELINES + 51);
    expect(page).toContain('id="call-big/zzz"');
    expect(page).toContain(`Timelines are drawn of ${MAX_TIMELINES} of ${MAX_TIMELINES + 51} calls`);
  });

  it('shows no text of a call whose text may not be kept', () => {
    const secret = 'my card is four one one one';
    const calls = run.calls.map((call) => {
      const transcript = [{ role: 'user' as const, text: secret }];
      const record = call.record === null ? null : { ...call.record, noText: true };
      return { ...call, result: { ...call.result, transcript }, record };
    });
    const input = inputOf(withCalls(calls));
    expect(reportHtml(input)).not.toContain('four one one');
    expect(JSON.stringify(reportJson(input))).not.toContain('four one one');
  });
});

describe('the report as Markdown', () => {
  it('has gates, numbers, wrong calls and flips, and nobody else writes in it', () => {
    const text = reportMarkdown(inputOf(withCalls(run.calls.map(hostile)), run));
    expect(text).toContain('| ✅ people cut |');
    expect(text).toContain('| people cut off | 0 of 1');
    expect(text).toContain('### What went wrong');
    expect(text).not.toMatch(/<script|<img|@everyone|\]\(http|\u202e|\u001b/);
    expect(text).toContain('was not measured');
  });

  it('stays short', () => {
    const [call] = run.calls;
    if (call === undefined) throw new Error('no call');
    const many = Array.from({ length: 200 }, (_, i) => ({ ...hostile(call), key: `big/${i}`, knownMiss: null }));
    const text = reportMarkdown(inputOf(withCalls(many)));
    expect(text).toContain('… and 180 more');
    expect(text.length).toBeLessThan(60_000);
  });
});

describe('the report as JSON', () => {
  it('has everything but event logs, and masks numbers', () => {
    const json = JSON.stringify(reportJson(inputOf(run, run)));
    const read = JSON.parse(json);
    expect(read.calls).toHaveLength(2);
    expect(read.summary.people.calls).toBe(1);
    expect(read.gates).toHaveLength(3);
    expect(json).not.toContain('"events"');
    for (const { record } of run.calls) expect(json).not.toContain(record?.callerNumber);
  });
});
