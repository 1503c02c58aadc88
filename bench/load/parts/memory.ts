import type { BenchOptions } from '../bench.ts';
import { LoadCall } from '../call.ts';
import type { Finding, PartResult } from '../report.ts';
import { type ServerProcess, startBare, startGuardProcess } from '../server-process.ts';
import { exchange } from '../talk.ts';
import { LONGEST_TURNS, makeTape, type TapeFrame } from '../tape.ts';

const KIND_OF_CALLS = 4;
const MOST_BACKLOG = 512 * 1024;
const ANSWER_WITHIN_MS = 2_000;
const SETTLE_MS = 1_000;

/** Bytes that each open call holds in the server, after a full collection. */
export async function memoryPart({ quick, log, profileTo }: BenchOptions): Promise<PartResult> {
  const [held, whole] = quick ? [80, 2] : [300, 10];
  const rows: Record<string, string | number>[] = [];
  const findings: Finding[] = [];
  for (const name of ['floor', 'guard'] as const) {
    log(`memory: ${held} calls after one event of ${LONGEST_TURNS} turns, ${whole} calls played whole, on ${name}`);
    const start = () => (name === 'floor' ? startBare(name, 'floor.ts') : startGuardProcess(name));
    // The guard asks the platform for the second array, and is sent it.
    const tools = name === 'guard';
    const last = await start();
    const afterOne = await bytesACall(last, held, lastFrames(tools));
    await last.stop();
    const long = await start();
    const heap = profileTo('memory');
    const afterAll = await bytesACall(long, whole, wholeCalls(tools), heap && `${heap}-${name}.heapsnapshot`);
    rows.push({
      server: name,
      'KB a call after one 60-turn event': afterOne / 1000,
      'KB a call played whole': afterAll / 1000,
    });
    if (name === 'guard') {
      const target = { atMost: 45 };
      findings.push(
        { what: 'memory a call after one 60-turn event', value: afterOne / 1000, unit: 'KB', target },
        // The event log of a long call is what replay needs: said, not asserted.
        { what: 'memory a call played whole, 60 turns', value: afterAll / 1000, unit: 'KB', target, failsAt: 2_000 },
      );
    }
    await long.stop();
  }
  return {
    name: 'memory',
    title: 'Memory of an open call: heap and external, empty server subtracted, after full collections',
    rows,
    findings,
    notes: [],
  };
}

/** For each kind of call the request behind its sixtieth exchange, as after a reconnect. */
function lastFrames(tools: boolean): readonly (readonly TapeFrame[])[] {
  return Array.from({ length: KIND_OF_CALLS }, (_, i) =>
    makeTape({ seed: `held ${i}`, fromTurn: LONGEST_TURNS - 1, turns: 1, tools, exchange }).slice(-1),
  );
}

function wholeCalls(tools: boolean): readonly (readonly TapeFrame[])[] {
  return [makeTape({ seed: 'whole', fromTurn: 0, turns: LONGEST_TURNS, tools, exchange })];
}

async function bytesACall(
  server: ServerProcess,
  count: number,
  tapes: readonly (readonly TapeFrame[])[],
  snapshot?: string,
): Promise<number> {
  // What the first calls leave behind for good (compiled code, caches) is not a call's.
  await hold(server, 2, tapes, async () => {});
  const empty = await server.memory();
  return hold(server, count, tapes, async () => {
    const full = await server.memory();
    if (snapshot) await server.heapSnapshot(snapshot);
    return (full.heapUsed + full.external - empty.heapUsed - empty.external) / count;
  });
}

let opened = 0;

/** Opens calls, plays their tapes as fast as the server takes them, and closes them after `measure`. */
async function hold<T>(
  server: ServerProcess,
  count: number,
  tapes: readonly (readonly TapeFrame[])[],
  measure: () => Promise<T>,
): Promise<T> {
  const calls: LoadCall[] = [];
  try {
    await Promise.all(
      Array.from({ length: count }, async (_, i) => {
        const call = new LoadCall(`call_memory_${process.pid}_${opened++}`);
        calls.push(call);
        await call.open(server.url);
        await playAtOnce(call, tapes[i % tapes.length] ?? []);
      }),
    );
    await sleep(SETTLE_MS);
    const ended = calls.find((call) => call.ended);
    if (ended) throw new Error(`${server.name} ended a call: ${ended.ended?.why}`);
    return await measure();
  } finally {
    for (const call of calls) call.close();
    await sleep(SETTLE_MS);
  }
}

async function playAtOnce(call: LoadCall, tape: readonly TapeFrame[]): Promise<void> {
  for (const { wire, asks } of tape) {
    if (call.ended) return;
    if (asks === 0) call.write(wire);
    else {
      const answered = call.answered;
      call.ask(wire, asks);
      for (let waited = 0; call.answered === answered && waited < ANSWER_WITHIN_MS; waited += 5) await sleep(5);
    }
    while (call.backlog > MOST_BACKLOG) await sleep(2);
  }
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
