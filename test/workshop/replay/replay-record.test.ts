import { beforeAll, describe, expect, it } from 'vitest';
import { EventLog, MAX_EVENT_LOG_BYTES, readEventLog } from '../../../src/records/event-log.ts';
import type { CallRecord } from '../../../src/records/record.ts';
import { replayPolicies } from '../../../src/workshop/replay/replay-policies.ts';
import { replayRecord } from '../../../src/workshop/replay/replay-record.ts';
import { enforcing, partsOf, recordsOf, SCENARIOS } from './recorded.ts';

let records: Map<string, CallRecord>;
beforeAll(async () => {
  records = await recordsOf(SCENARIOS, enforcing());
}, 120_000);

const policyFor = replayPolicies({ ...partsOf(enforcing()), listsAsRecorded: true });
const recordOf = (name: string): CallRecord => {
  const record = records.get(name);
  if (!record) throw new Error(`no record of ${name}`);
  return record;
};
const replayed = (record: CallRecord, policies = policyFor) => {
  const policy = policies(record);
  if (!policy) throw new Error('no policy');
  return replayRecord(record, policy);
};

describe('the event log of a record leads to the same verdict again', () => {
  it.each(SCENARIOS.map(({ id }) => id))('%s', (id) => {
    const record = recordOf(id);
    if (record.noText) {
      expect(record.events).toBeUndefined();
      return;
    }
    const { differences, cut, report } = replayed(record);
    expect(differences).toEqual([]);
    expect(cut).toBe(false);
    expect(report.trail).toBe(record.trail);
    expect(report.policy).toEqual(record.policy);
    expect(report.callMs).toBe(record.callMs);
  });

  it('of shadow calls too, in the mode that was recorded', async () => {
    const some = SCENARIOS.filter((_, i) => i % 12 === 0);
    const shadow = await recordsOf(some, { ...enforcing(), mode: 'shadow' });
    expect([...shadow.values()].filter(({ decision }) => decision === 'would_hang_up').length).toBeGreaterThan(1);
    for (const record of shadow.values()) if (!record.noText) expect(replayed(record).differences).toEqual([]);
  });
});

describe('what differs', () => {
  const hungUp = () => recordOf('robocall-car-warranty');

  it('is said in sentences when the price is another', () => {
    const cautious = replayPolicies(partsOf({ ...enforcing(), preset: 'cautious' }));
    const { differences } = replayed(hungUp(), cautious);
    expect(differences.join('\n')).toMatch(/^(decision|points|turn|call time|reason|evidence|rungs|probes)/);
    expect(differences.some((one) => /^(rungs|probes) \d+ of \d+: .*recorded /.test(one))).toBe(true);
  });

  it('is each fact that was tampered with', () => {
    const record = hungUp();
    const [first, ...rest] = record.evidence;
    if (!first) throw new Error('no evidence');
    const tampered: CallRecord = {
      ...record,
      category: 'silent',
      points: record.points + 1,
      turns: record.turns + 2,
      evidence: [{ ...first, points: 99 }, ...rest],
      probes: record.probes.slice(1),
    };
    const { differences } = replayed(tampered);
    expect(differences).toContain(`category ${record.category}, recorded silent`);
    expect(differences).toContain(`turns ${record.turns}, recorded ${record.turns + 2}`);
    expect(differences.some((one) => one.startsWith('evidence 1 of'))).toBe(true);
    expect(differences.some((one) => one.startsWith('probes 1 of'))).toBe(true);
    expect(differences.some((one) => one.startsWith('rungs'))).toBe(false);
  });

  it('is that a call does not come to its end, when its last events are missing', () => {
    const record = hungUp();
    const log = new EventLog();
    for (const event of readEventLog(record.events ?? '').slice(0, -3)) log.push(event);
    const { differences, cut } = replayed({ ...record, events: log.deflate() });
    expect(cut).toBe(false);
    expect(differences).toContain('the call does not come to its end');
  });

  it('is not looked for in a log that was too long to be kept whole', () => {
    const record = hungUp();
    const log = new EventLog();
    for (const event of readEventLog(record.events ?? '').slice(0, 3)) log.push(event);
    for (let at = 0; !log.truncated && log.size < MAX_EVENT_LOG_BYTES; at++) {
      log.push({ type: 'failed', what: 'x'.repeat(2_000), at });
    }
    expect(replayed({ ...record, events: log.deflate() })).toMatchObject({ cut: true, differences: [] });
  });

  it('is nothing in a decision whose call was never closed', () => {
    const record = hungUp();
    const events = readEventLog(record.events ?? '');
    const at = events.findIndex(({ type }) => type === 'recorded');
    const log = new EventLog();
    for (const event of events.slice(0, at)) log.push(event);
    const faults = [...record.faults, 'the call was not closed in the records: it still runs, or its process died'];
    const { differences, report } = replayed({ ...record, faults, events: log.deflate() });
    expect(report.decision).toBe('hang_up');
    expect(differences).toEqual([]);
  });
});
