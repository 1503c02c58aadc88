import type { BenchOptions } from '../bench.ts';
import { callsPerCore, costRatio, cpuPerEventUs, cpuPerTurnMs, duel, type Side } from '../duel.ts';
import { naturalTapes } from '../loads.ts';
import { Player } from '../play.ts';
import type { PartResult } from '../report.ts';
import { startBare, startGuardProcess } from '../server-process.ts';
import { sum } from '../stats.ts';

const CALLS = 130;
const SPREAD_MS = 2_000;

/** Live calls a core at the pace of speech, with word timings. */
export async function callsPart({ quick, log, profileTo }: BenchOptions): Promise<PartResult> {
  const timing = quick
    ? { rounds: 3, sliceMs: 2_000, warmUpMs: 6_000 }
    : { rounds: 6, sliceMs: 5_000, warmUpMs: 10_000 };
  const lastsMs = timing.warmUpMs + (timing.rounds + 1) * timing.sliceMs;
  log(`calls: ${CALLS} calls at the pace of speech, ${timing.rounds} rounds of ${timing.sliceMs / 1000} s a server`);
  const [floor, guard] = [await startBare('floor', 'floor.ts'), await startGuardProcess('guard')];
  const plain = { calls: CALLS, spreadMs: SPREAD_MS, tapes: naturalTapes(lastsMs, false) };
  const players = [new Player(floor, plain), new Player(guard, plain)];
  const sides = await duel(players, { ...timing, profileTo: profileTo('calls') });
  const [a, b] = sides as [Side, Side];
  return {
    name: 'calls',
    title: 'Live calls a core, at the pace of speech with word timings (floor: ws + JSON.parse + a fixed text)',
    rows: sides.map(sideRow),
    findings: [
      { what: 'calls a core, guard : floor', value: 1 / costRatio(b, a), unit: '×', target: { atLeast: 1.3 } },
    ],
    notes: faultNotes(sides),
  };
}

/** The usual columns of a server. */
export function sideRow(side: Side): Record<string, string | number> {
  const cpu = sum(side.slices.map(({ cpuMs }) => cpuMs));
  const wall = sum(side.slices.map(({ wallMs }) => wallMs));
  const { bytes, events } = total(side);
  return {
    server: side.server,
    calls: side.calls,
    'CPU %': (100 * cpu) / wall,
    'calls a core': callsPerCore(side),
    'µs an event': cpuPerEventUs(side),
    'ms a turn': cpuPerTurnMs(side),
    'KB an event': bytes / Math.max(1, events) / 1000,
  };
}

function total({ slices }: Side) {
  return { bytes: sum(slices.map(({ bytes }) => bytes)), events: sum(slices.map(({ events }) => events)) };
}

const LATE_MS = 250;

/** What makes figures doubtful. */
export function faultNotes(sides: readonly Side[]): string[] {
  return sides.flatMap(({ server, faults, slices }) => {
    const turns = sum(slices.map((slice) => slice.turns));
    return [
      ...(faults.lost.length > 0 ? [`${server}: ${faults.lost.length} calls were ended (${faults.lost[0]})`] : []),
      ...(faults.cutIns > 0 ? [`${server}: cut in on ordinary callers ${faults.cutIns} times`] : []),
      // Those that are asked for at the end may still be under way.
      ...(faults.unanswered > 3 + 0.05 * turns ? [`${server}: ${faults.unanswered} turns were not answered`] : []),
      ...(faults.lateMs > LATE_MS ? [`${server}: frames left up to ${faults.lateMs.toFixed(0)} ms late`] : []),
    ];
  });
}
