import type { BenchOptions } from '../bench.ts';
import { costRatio, cpuPerTurnMs, duel, type Side } from '../duel.ts';
import { askDirectly, askServer, compare } from '../first-token.ts';
import { naturalTapes, turnTapes } from '../loads.ts';
import { type Load, Player } from '../play.ts';
import type { Finding, PartResult } from '../report.ts';
import { guardHas, type ServerProcess, startBare, startGuardProcess } from '../server-process.ts';
import { percentile } from '../stats.ts';
import { exchange } from '../talk.ts';
import { makeTape } from '../tape.ts';
import { faultNotes, sideRow } from './calls.ts';

const NATURAL = { calls: 100, spreadMs: 2_000 };
const ALONE = { calls: 20, spreadMs: 1_000, fromTurn: 10, everyMs: 1_000 };
/** Turns of the calls in which the first token is timed. */
const TIMED = { fromTurn: 5, turns: 20 };

type Rows = Record<string, string | number>[];

/** Streamed answers of a model: CPU of a turn and time to the first token, beside a bare ws + openai SDK server. */
export async function streamedPart(options: BenchOptions): Promise<PartResult> {
  const { quick } = options;
  const [rows, findings, notes]: [Rows, Finding[], string[]] = [[], [], []];
  const paced = await startBare('model', 'model.ts', { TOKEN_MS: '15' });
  const timing = quick
    ? { rounds: 2, sliceMs: 1_500, warmUpMs: 3_000 }
    : { rounds: 5, sliceMs: 4_000, warmUpMs: 8_000 };
  const lastsMs = timing.warmUpMs + (timing.rounds + 1) * timing.sliceMs;
  const cpu = async (what: string, load: Load): Promise<void> => {
    options.log(`streamed: ${what}`);
    const bare = await startBare('bare openai', 'bare-openai.ts', { MODEL_URL: paced.url });
    const guard = await startGuardProcess('guard', modelConfig(paced));
    const players = [new Player(bare, load), new Player(guard, load)];
    const sides = await duel(players, { ...timing, profileTo: options.profileTo(`streamed-${load.calls}`) });
    const [a, b] = sides as [Side, Side];
    for (const side of sides) rows.push({ ...sideRow(side), server: `${side.server}, ${what}` });
    const target = { atMost: 1 };
    findings.push({ what: `CPU of a streamed turn, ${what}, guard : bare`, value: costRatio(b, a), unit: '×', target });
    notes.push(
      ...faultNotes(sides),
      `${what}: ${cpuPerTurnMs(b).toFixed(2)} ms a turn, bare ${cpuPerTurnMs(a).toFixed(2)}`,
    );
    await Promise.all([bare.stop(), guard.stop()]);
  };
  await cpu('with its updates', { ...NATURAL, tapes: naturalTapes(lastsMs, false) });
  await cpu('alone', { ...ALONE, tapes: turnTapes(ALONE.fromTurn, ALONE.everyMs, lastsMs) });
  await paced.stop();
  await firstToken(options, findings, notes);
  return { name: 'streamed', title: 'Streamed answers of a model (loopback)', rows, findings, notes };
}

async function firstToken({ quick, log }: BenchOptions, findings: Finding[], notes: string[]): Promise<void> {
  const [rounds, warmUp] = quick ? [50, 20] : [400, 100];
  const model = await startBare('model', 'model.ts', { TOKEN_MS: '0' });
  log(`streamed: time to the first token, ${rounds} turns each`);
  const guard = await startGuardProcess('guard', modelConfig(model));
  const bare = await startBare('bare openai', 'bare-openai.ts', { MODEL_URL: model.url });
  const ordinary = makeTape({ seed: 'token', ...TIMED, tools: false, exchange });
  const asked = [
    askServer(guard, ordinary),
    askServer(bare, ordinary),
    askDirectly(model.url, 2 * (TIMED.fromTurn + TIMED.turns / 2)),
  ];
  const [ours = [], theirs = [], direct = []] = await compare(asked, rounds, warmUp);
  for (const [who, times] of [
    ['guard', ours],
    ['bare openai', theirs],
    ['direct SDK call', direct],
  ] as const) {
    const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)];
    notes.push(`first token, ${who}: p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms (${times.length} turns)`);
  }
  findings.push({
    what: 'first token, p50, guard - bare',
    value: percentile(ours, 0.5) - percentile(theirs, 0.5),
    unit: 'ms',
    target: { atMost: 0.3 },
    failsAt: 2,
  });
  await Promise.all([guard.stop(), bare.stop()]);
  await withClassifier(model, rounds, warmUp, findings, notes);
}

/** A call in doubt, in shadow mode so that nobody cuts in; without and with the classifier. */
async function withClassifier(
  model: ServerProcess,
  rounds: number,
  warmUp: number,
  findings: Finding[],
  notes: string[],
): Promise<void> {
  if (!guardHas('config/schema.js', 'classifier')) {
    notes.push('the classifier is left out: this build has none');
    return;
  }
  // Half of all calls unwanted: there is doubt about anybody, and for long.
  const shadow = { ...modelConfig(model), mode: 'shadow', prior: 0.5 };
  const off = await startGuardProcess('guard', shadow);
  const on = await startGuardProcess('guard with classifier', {
    ...shadow,
    classifier: { responder: 'model', max_per_call: 50 },
  });
  const doubtful = makeTape({ seed: 'doubt', ...TIMED, tools: false, exchange });
  const [without = [], withIt = []] = await compare(
    [askServer(off, doubtful), askServer(on, doubtful)],
    rounds,
    warmUp,
  );
  const questions = Number(await (await fetch(model.url.replace('/v1', '/questions'))).text());
  notes.push(`the classifier was asked ${questions} times in ${withIt.length} turns`);
  findings.push({
    what: 'first token, p50, classifier on - off',
    // A classifier that is never asked proves nothing.
    value: questions === 0 ? Number.NaN : percentile(withIt, 0.5) - percentile(without, 0.5),
    unit: 'ms',
    target: { atMost: 2 },
    failsAt: 6,
  });
}

function modelConfig(model: ServerProcess): Readonly<Record<string, unknown>> {
  return {
    responders: { model: { type: 'openai', model: 'bench', base_url: model.url } },
    agents: { default: { responder: 'model' } },
  };
}
