import type { BenchOptions } from '../bench.ts';
import { costRatio, duel, type Side } from '../duel.ts';
import { naturalTapes } from '../loads.ts';
import { Player } from '../play.ts';
import type { PartResult } from '../report.ts';
import { guardHas, startBare, startGuardProcess } from '../server-process.ts';
import { faultNotes, sideRow } from './calls.ts';

const CALLS = 100;
const SPREAD_MS = 2_000;
const TITLE = 'The guard in front of a custom-LLM server (relay), beside a pipe of bare ws sockets';

/** Calls a core of the relay; server behind it, frames and answers are the same for both. */
export async function relayPart({ quick, log, profileTo }: BenchOptions): Promise<PartResult> {
  if (!guardHas('responders/index.js', 'relay')) {
    const notes = ['left out: this build has no relay'];
    return { name: 'relay', title: TITLE, rows: [], findings: [], notes };
  }
  const timing = quick
    ? { rounds: 2, sliceMs: 1_500, warmUpMs: 3_000 }
    : { rounds: 6, sliceMs: 4_000, warmUpMs: 8_000 };
  const lastsMs = timing.warmUpMs + (timing.rounds + 1) * timing.sliceMs;
  log(`relay: ${CALLS} calls at the pace of speech, ${timing.rounds} rounds of ${timing.sliceMs / 1000} s a server`);
  const upstream = await startBare('upstream', 'upstream.ts');
  const pipe = await startBare('pipe', 'pipe.ts', { UPSTREAM_URL: upstream.url });
  const guard = await startGuardProcess('guard', {
    responders: { own: { type: 'relay', url: upstream.url } },
    agents: { default: { responder: 'own' } },
  });
  const load = { calls: CALLS, spreadMs: SPREAD_MS, tapes: naturalTapes(lastsMs, false) };
  const players = [new Player(pipe, load), new Player(guard, load)];
  const sides = await duel(players, { ...timing, profileTo: profileTo('relay') });
  const [a, b] = sides as [Side, Side];
  return {
    name: 'relay',
    title: TITLE,
    rows: sides.map(sideRow),
    findings: [{ what: 'calls a core, guard : pipe', value: 1 / costRatio(b, a), unit: '×', target: { atLeast: 0.8 } }],
    notes: faultNotes(sides),
  };
}
