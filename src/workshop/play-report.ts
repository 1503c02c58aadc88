import type { PlayResult } from './player/play-result.ts';

/** Recordings below this many words are reported apart: there is little to go by. */
export const LONG_WORDS = 20;

/** Callers of one set who are to be hung up on. Shares are 0..1; a median is null where half of the calls or more were not caught so. */
export interface MachineReport {
  readonly calls: number;
  readonly caught: number;
  /** Hung up while the caller still had something to say. */
  readonly live: number;
  /** Hung up in the silence after the end of the tape. */
  readonly bySilence: number;
  /** Over all calls; any other than a live catch counts as infinity. */
  readonly liveMedianWords: number | null;
  readonly liveMedianS: number | null;
  /** Over all calls; a miss counts as infinity. */
  readonly medianWords: number | null;
  readonly medianS: number | null;
}

export interface GroupReport {
  readonly groups: number;
  /** Means of the shares of each group. */
  readonly caughtMean: number;
  readonly liveMean: number;
}

/** Callers of one set who are to be served. */
export interface PeopleReport {
  readonly calls: number;
  readonly probed: number;
  readonly cut: number;
  /** 95% upper bound of the share that would be cut. */
  readonly cutUpperBound: number;
  /** Calls in which somebody was left without a reply. */
  readonly unanswered: number;
  readonly maxDeadAirMs: number;
}

export interface SetReport {
  readonly set: string;
  readonly kind: 'machines' | 'people';
  readonly failed: number;
  readonly machines?: MachineReport & { readonly long: MachineReport; readonly short: MachineReport };
  readonly groups?: GroupReport;
  readonly people?: PeopleReport;
}

export interface CutPerson {
  readonly set: string;
  readonly id: string;
  readonly callMs: number;
  readonly callerWords: number;
  /** They had said all they had to say. */
  readonly afterLastLine: boolean;
}

export interface PlayReport {
  readonly calls: number;
  readonly sets: readonly SetReport[];
  readonly people: PeopleReport;
  readonly cut: readonly CutPerson[];
  readonly unanswered: readonly { readonly set: string; readonly id: string; readonly turns: readonly number[] }[];
  readonly failed: readonly { readonly set: string; readonly id: string; readonly how: string }[];
}

/** Adds up what was seen. Pure; the order of `results` does not matter but for the lists. */
export function reportPlays(results: readonly PlayResult[]): PlayReport {
  const people = results.filter(isServed);
  return {
    calls: results.length,
    sets: setsOf(results),
    people: peopleReport(people),
    cut: people
      .filter(({ endedBy }) => endedBy === 'agent')
      .map(({ set, id, callMs, callerWords, saidAllMs }) => ({
        set,
        id,
        callMs,
        callerWords,
        afterLastLine: saidAllMs !== null,
      })),
    unanswered: people.filter(isUnanswered).map(({ set, id, unanswered }) => ({ set, id, turns: unanswered })),
    failed: results.filter(isFailed).map(({ set, id, how }) => ({ set, id, how })),
  };
}

function setsOf(results: readonly PlayResult[]): SetReport[] {
  const bySet = new Map<string, PlayResult[]>();
  for (const result of results) {
    const key = `${result.set}\n${isServed(result) ? 'people' : 'machines'}`;
    const rows = bySet.get(key);
    if (rows === undefined) bySet.set(key, [result]);
    else rows.push(result);
  }
  return [...bySet.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, rows]) => {
      const [set = '', kind = ''] = key.split('\n');
      const failed = rows.filter(isFailed).length;
      if (kind === 'people') return { set, kind: 'people', failed, people: peopleReport(rows) };
      const groups = groupReport(rows);
      return {
        set,
        kind: 'machines',
        failed,
        machines: {
          ...machineReport(rows),
          long: machineReport(rows.filter(({ wordsTotal }) => wordsTotal >= LONG_WORDS)),
          short: machineReport(rows.filter(({ wordsTotal }) => wordsTotal < LONG_WORDS)),
        },
        ...(groups === null ? {} : { groups }),
      };
    });
}

function machineReport(rows: readonly PlayResult[]): MachineReport {
  const caught = rows.filter(isCaught);
  const live = caught.filter((row) => row.live);
  const medianOf = (value: (row: PlayResult) => number, counts: (row: PlayResult) => boolean): number | null =>
    median(rows.map((row) => (counts(row) ? value(row) : Number.POSITIVE_INFINITY)));
  const isLive = (row: PlayResult): boolean => isCaught(row) && row.live;
  return {
    calls: rows.length,
    caught: caught.length,
    live: live.length,
    bySilence: caught.length - live.length,
    liveMedianWords: medianOf(({ callerWords }) => callerWords, isLive),
    liveMedianS: medianOf(({ callMs }) => callMs / 1_000, isLive),
    medianWords: medianOf(({ callerWords }) => callerWords, isCaught),
    medianS: medianOf(({ callMs }) => callMs / 1_000, isCaught),
  };
}

function groupReport(rows: readonly PlayResult[]): GroupReport | null {
  const groups = new Map<string, PlayResult[]>();
  for (const row of rows) {
    if (row.group === undefined) continue;
    const members = groups.get(row.group);
    if (members === undefined) groups.set(row.group, [row]);
    else members.push(row);
  }
  if (groups.size === 0) return null;
  const meanShare = (is: (row: PlayResult) => boolean): number =>
    [...groups.values()].reduce((sum, members) => sum + members.filter(is).length / members.length, 0) / groups.size;
  return {
    groups: groups.size,
    caughtMean: meanShare(isCaught),
    liveMean: meanShare((row) => isCaught(row) && row.live),
  };
}

function peopleReport(rows: readonly PlayResult[]): PeopleReport {
  const cut = rows.filter(isCaught).length;
  return {
    calls: rows.length,
    probed: rows.filter(({ probes }) => probes.length > 0).length,
    cut,
    cutUpperBound: upperBound(cut, rows.length),
    unanswered: rows.filter(isUnanswered).length,
    maxDeadAirMs: rows.reduce((max, { maxDeadAirMs }) => Math.max(max, maxDeadAirMs), 0),
  };
}

/** 95% upper bound of a share: the rule of three where nothing was seen, else Wilson's. */
export function upperBound(seen: number, of: number): number {
  if (of === 0) return 1;
  if (seen === 0) return Math.min(1, 3 / of);
  const z = 1.96;
  const p = seen / of;
  const centre = p + (z * z) / (2 * of);
  const spread = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return Math.min(1, (centre + spread) / (1 + (z * z) / of));
}

/** Null for none, and where the middle is not finite. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY;
  const low = sorted[Math.ceil(sorted.length / 2) - 1] ?? high;
  return Number.isFinite(high) ? (low + high) / 2 : null;
}

/** Callers who are to be served: people, and whatever else is expected not to be hung up on; not unwanted people. */
export function isServed({ kind, expect }: PlayResult): boolean {
  return expect === undefined ? kind === 'person' : expect.decision === 'none';
}

/** A tape does not wait for a reply. */
export function isUnanswered({ kind, unanswered }: PlayResult): boolean {
  return kind === 'person' && unanswered.length > 0;
}

export function isCaught(result: PlayResult): boolean {
  return result.endedBy === 'agent';
}

export function isFailed(result: PlayResult): boolean {
  return result.endedBy === 'error' || result.endedBy === 'timeout';
}
