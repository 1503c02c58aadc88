import type { BenchOptions } from '../bench.ts';
import { costRatio, cpuPerEventUs, duel, type Side } from '../duel.ts';
import { turnTapes, updateTapes } from '../loads.ts';
import { Player } from '../play.ts';
import type { PartResult } from '../report.ts';
import { startBare, startGuardProcess } from '../server-process.ts';
import { faultNotes } from './calls.ts';

const CALLS = 20;
const UPDATES_A_SECOND = 20;
const TURN_EVERY_MS = 500;

/** CPU of single events and of turns by the age of the call, faster than people speak so that many fit in. */
export async function eventsPart({ quick, log, profileTo }: BenchOptions): Promise<PartResult> {
  const timing = quick ? { rounds: 2, sliceMs: 800, warmUpMs: 1_500 } : { rounds: 6, sliceMs: 1_500, warmUpMs: 4_000 };
  const lastsMs = timing.warmUpMs + (timing.rounds + 1) * timing.sliceMs;
  const ages = quick ? [5, 58] : [5, 30, 58];
  const cases = [
    ...ages.map((age) => ({ what: `update, turn ${age}`, tapes: updateTapes(age, UPDATES_A_SECOND, lastsMs) })),
    ...ages
      .slice(-2)
      .map((age) => ({ what: `turn alone, turn ${age}`, tapes: turnTapes(age, TURN_EVERY_MS, lastsMs) })),
  ];
  const [floor, guard] = [await startBare('floor', 'floor.ts'), await startGuardProcess('guard')];
  const rows: Record<string, string | number>[] = [];
  const notes: string[] = [];
  for (const { what, tapes } of cases) {
    log(`events: ${what}`);
    const load = { calls: CALLS, tapes, spreadMs: TURN_EVERY_MS };
    const profile = profileTo(`events-${what.replace(/\W+/g, '-')}`);
    const sides = await duel([new Player(floor, load), new Player(guard, load)], { ...timing, profileTo: profile });
    const [a, b] = sides as [Side, Side];
    const [ours, theirs] = [cpuPerEventUs(b), cpuPerEventUs(a)];
    rows.push({ event: what, 'guard µs': ours, 'floor µs': theirs, 'guard : floor': costRatio(b, a) });
    notes.push(...faultNotes(sides));
  }
  return { name: 'events', title: 'CPU of one event, by the age of the call', rows, findings: [], notes };
}
