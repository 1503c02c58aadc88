import type { ScoredEvidence } from '../../../src/guard/types.ts';
import { pointsOf, score, type Weights } from '../../../src/guard/weights.ts';
import type { CallRecord, EvidenceOfTurn } from '../../../src/records/record.ts';
import { loadWeights } from '../../../src/weights-file.ts';
import type { EvalCall, EvalRun, LoadedRun, RunStamp, VariantStamp } from '../../../src/workshop/eval/run.ts';
import type { PlayResult } from '../../../src/workshop/player/play-result.ts';

/** Runs made by hand, for tests of their difference. */

export const WEIGHTS = loadWeights().weights;
export const PRIOR = 10 * Math.log10(1 / 9);
export const BALANCED = { probe: 0, closing: 11, hangUp: 20 } as const;

/** The package's weights with other points of single levels: `{ 'keypad-menu': { menu: 3 } }`. */
export function weightsWith(points: Readonly<Record<string, Readonly<Record<string, number>>>>): Weights {
  const weights = structuredClone(WEIGHTS);
  for (const [signal, levels] of Object.entries(points)) Object.assign(weights.signals[signal]?.points ?? {}, levels);
  return weights;
}

/** Evidence of a turn as a guard with these weights records it: `{ 'keypad-menu': 'menu' }`. */
export function seen(
  turn: number,
  callMs: number,
  levels: Readonly<Record<string, string>>,
  weights: Weights = WEIGHTS,
  prior = PRIOR,
): EvidenceOfTurn {
  const evidence = Object.entries(levels).map(([signal, level]): ScoredEvidence => {
    const group = weights.signals[signal]?.group ?? signal;
    return { signal, level, group, points: pointsOf(weights, signal, level), reason: `${signal} seen` };
  });
  return { turn, callMs, points: Number(score(weights, prior, evidence).points.toFixed(2)), evidence };
}

export function madeRecord(record: Partial<CallRecord> = {}): CallRecord {
  return {
    callId: 'call',
    agent: 'default',
    platform: 'retell',
    direction: 'inbound',
    startedAt: 0,
    endedAt: 30_000,
    callMs: 30_000,
    mode: 'enforce',
    outcome: 'caller_left',
    decision: 'none',
    category: null,
    points: -9.54,
    probability: 0.1,
    decided: false,
    sent: false,
    confirmed: false,
    turns: 3,
    callerWords: 30,
    evidence: [],
    rungs: [],
    probes: [],
    faults: [],
    savedMs: 0,
    savedMoney: null,
    latency: [],
    reconnects: 0,
    versions: { guard: '1', code: 'c', weights: 'w', config: 'f', prompts: 'p' },
    noText: false,
    ...record,
  };
}

/** A record of a call that was hung up on. */
export const hungUp = (record: Partial<CallRecord> = {}): CallRecord =>
  madeRecord({
    outcome: 'hung_up',
    decision: 'hang_up',
    category: 'robocall_menu',
    decidedTurn: 3,
    decidedCallMs: 20_000,
    points: 22,
    decided: true,
    ...record,
  });

export function madeCall(
  key: string,
  call: Partial<Omit<EvalCall, 'result'>> & { readonly result?: Partial<PlayResult> } = {},
): EvalCall {
  const result: PlayResult = {
    id: key,
    set: 'fixtures',
    kind: 'person',
    language: 'en',
    callId: 'call',
    wordsTotal: 30,
    endedBy: 'caller',
    how: 'hung up',
    callMs: 30_000,
    callerWords: 30,
    saidAllMs: 28_000,
    live: false,
    probes: [],
    turns: [],
    unanswered: [],
    maxDeadAirMs: 0,
    dropped: {},
    agentDigits: [],
    reconnects: 0,
    transcript: [],
    expect: { decision: 'none' },
    ...call.result,
  };
  return {
    key,
    variant: 'as configured',
    repeat: 1,
    hash: 'same',
    tags: [],
    direction: 'inbound',
    knownMiss: null,
    wrong: null,
    record: madeRecord(),
    unrecorded: 0,
    ...call,
    result,
  };
}

export const madeVariant = (variant: Partial<VariantStamp> = {}): VariantStamp => ({
  id: 'as configured',
  config: 'config',
  preset: 'balanced',
  thresholds: BALANCED,
  priorPoints: PRIOR,
  prompts: [],
  responders: [{ name: 'scripted', type: 'scripted' }],
  ...variant,
});

export function madeRun(
  id: string,
  calls: readonly EvalCall[],
  stamp: Partial<Omit<RunStamp, 'weights'>> & { readonly weights?: Weights } = {},
  plan: Partial<EvalRun['plan']> = {},
): LoadedRun {
  const { weights = WEIGHTS, ...others } = stamp;
  const only = { names: [], tags: [], kinds: [], languages: [], directions: [], categories: [] };
  const run: EvalRun = {
    format: 1,
    id,
    startedAt: 0,
    finishedAt: 1,
    plan: {
      fixtures: [],
      data: null,
      sets: [],
      exclude: [],
      limit: null,
      only,
      agents: [],
      prompts: [],
      responders: [],
      repeats: 1,
      seed: 'seed',
      asrNoise: false,
      asRecordings: false,
      config: null,
      weights: null,
      ...plan,
    },
    planHash: 'plan',
    stamp: {
      guard: '1',
      code: 'code',
      weights: { hash: JSON.stringify(weights), file: null, content: weights },
      variants: [madeVariant()],
      texts: {},
      answers: [],
      prices: { lostCustomerCosts: 100, perMinute: null, currency: 'USD', badCallMs: 120_000 },
      ...others,
    },
    cases: calls.length,
    gates: [],
  };
  return { run, calls, directory: `/runs/${id}` };
}
