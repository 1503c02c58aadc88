import fc from 'fast-check';
import { numberList } from '../../src/guard/number-list.ts';
import { type Policy, PRESETS, thresholds } from '../../src/guard/policy.ts';
import {
  CATEGORIES,
  type CallFacts,
  type Category,
  type Classified,
  CONFIDENCES,
  type Confidence,
  MODES,
  type NumberHistory,
} from '../../src/guard/types.ts';
import { pointsOf } from '../../src/guard/weights.ts';
import { facts, testPolicy } from './call-kit.ts';
import { LINES, type LineKind } from './call-lines.ts';

/** What happens next in a generated call. What it comes to depends on what the guard has done until then. */
export type Move =
  /** The caller speaks, growing by `chunk` words; then the platform asks for an answer, if `turn`: in the frame that
   * brings the last words, if `frame`, else a moment later. */
  | {
      do: 'caller';
      kind: LineKind;
      pick: number;
      chunk: number;
      gapMs: number;
      turn: boolean;
      frame: boolean;
      part: number;
    }
  | { do: 'agent'; pick: number }
  | { do: 'turn'; kind: 'reply' | 'reminder'; skip: number }
  | { do: 'old-turn'; back: number }
  | { do: 'digit'; again: boolean }
  | { do: 'correct'; back: number; word: string }
  | { do: 'drop'; count: number }
  | { do: 'pass'; ms: number }
  /** A timer rings, due or not; or one that was taken back. */
  | { do: 'ring'; pick: number }
  | { do: 'stale'; timer: string; token: number }
  | { do: 'lost' | 'back' | 'open-again' | 'look-up' | 'recorded' | 'transferred' | 'failed' }
  | { do: 'reply-ends'; result: 'completed' | 'failed' | 'cancelled' }
  /** The classifier answers: the turn that it was asked about, or another one. */
  | ({ do: 'classified'; besides: number } & ModelAnswer)
  | { do: 'report'; category: Category; confidence: Confidence; quoted: boolean }
  | { do: 'close'; why: 'platform' | 'lost' | 'drained' | 'guard' | 'socket' };

export type ReplyStyle = 'at-once' | 'started-only' | 'never' | 'fails' | 'fails-midway';

/** What comes of asking a model about a call. */
export interface ModelAnswer {
  readonly result: 'answered' | 'late' | 'failed' | 'limited';
  readonly answer: Classified;
  readonly confidence: Confidence;
}

/** Questions to the classifier in one generated call, where there is one. */
export const CLASSIFICATIONS = 3;

/** One generated call. Plain data, so that fast-check can shrink it. */
export interface Script {
  readonly mode: Policy['mode'];
  readonly preset: keyof typeof PRESETS;
  readonly canStop: boolean;
  readonly transfer: boolean;
  readonly direction: CallFacts['direction'];
  readonly number: keyof typeof NUMBERS;
  readonly attestation: CallFacts['attestation'] | undefined;
  readonly facts: 'sent' | 'none' | 'late';
  readonly noText: boolean;
  readonly timed: boolean;
  readonly resumed: 'none' | 'greeted' | 'latched';
  readonly history: keyof typeof HISTORIES;
  readonly lookUp: 'at-once' | 'later';
  readonly spool: 'ok' | 'fails' | 'slow' | 'slow-fails';
  readonly stopWorks: boolean;
  /** Hang-up frames that the platform ignores before it closes. */
  readonly deafTo: number;
  /** The socket drops at the first hang-up frame, and comes back with the next pause. */
  readonly dropsAtHangUp: boolean;
  readonly replies: ReplyStyle;
  /** `later`: it answers when a move says so. */
  readonly classifier: 'none' | 'at-once' | 'later';
  /** What it answers at once, in turn. */
  readonly answers: readonly ModelAnswer[];
  readonly moves: readonly Move[];
}

export const NUMBERS = {
  plain: '+12125550123',
  allowed: '+12125550150',
  blocked: '+12125550160',
  protected: '+12125550170',
  'blocked-and-protected': '+12125550180',
  sanctioned: '+963911234567',
  'sanctioned-and-allowed': '+85021234567',
  impossible: '+199',
  withheld: undefined,
} as const;

export const HISTORIES = {
  none: null,
  known: { calls: 5, completed: 5, hungUp: 0, lastCallAt: 900, passUsed: false },
  'hung-up': { calls: 1, completed: 0, hungUp: 1, lastCallAt: 900, lastHungUpAt: 900, passUsed: false },
  'pass-used': { calls: 3, completed: 0, hungUp: 2, lastCallAt: 900, lastHungUpAt: 900, passUsed: true },
} as const satisfies Record<string, NumberHistory | null>;

const policies = new Map<string, Policy>();

/** The policy of a script; the same one for scripts that agree. */
export function policyOfScript({ mode, preset, canStop, transfer, classifier }: Script): Policy {
  const hasClassifier = classifier !== 'none';
  const key = `${mode} ${preset} ${canStop} ${transfer} ${hasClassifier}`;
  const known = policies.get(key);
  if (known) return known;
  const base = testPolicy();
  const policy: Policy = {
    ...base,
    mode,
    canStop,
    classifications: hasClassifier ? CLASSIFICATIONS : 0,
    thresholds: thresholds(PRESETS[preset], pointsOf(base.weights, 'probe-answers', 'closing-ignored')),
    lists: {
      allow: numberList([NUMBERS.allowed, NUMBERS['sanctioned-and-allowed']]),
      block: numberList([NUMBERS.blocked, NUMBERS['blocked-and-protected']]),
      protect: numberList([NUMBERS.protected, NUMBERS['blocked-and-protected']]),
    },
    ...(transfer ? { transferTo: '+12125550199' } : {}),
  };
  policies.set(key, policy);
  return policy;
}

export function factsOfScript(script: Script): CallFacts {
  const callerNumber = NUMBERS[script.number];
  return facts({
    direction: script.direction,
    noText: script.noText,
    ...(callerNumber ? { callerNumber } : {}),
    ...(script.attestation ? { attestation: script.attestation } : {}),
  });
}

const weighted = <T>(...choices: readonly (readonly [number, T])[]): fc.Arbitrary<T> =>
  fc.oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));

const kinds = Object.keys(LINES) as LineKind[];
const pick = fc.nat({ max: 997 });

const callerMove = (kind: fc.Arbitrary<LineKind>, turns: number): fc.Arbitrary<Move> =>
  fc.record({
    do: fc.constant('caller' as const),
    kind,
    pick,
    chunk: fc.integer({ min: 2, max: 12 }),
    gapMs: fc.constantFrom(-1_500, 150, 700, 2_500),
    turn: weighted([turns, true], [1, false]),
    frame: fc.boolean(),
    // Of ten utterances one breaks off.
    part: weighted([9, 1], [1, 0.4]),
  });

const rareMove: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ do: fc.constant('turn' as const), kind: fc.constant('reply' as const), skip: fc.nat({ max: 2 }) }),
  fc.record({ do: fc.constant('old-turn' as const), back: fc.nat({ max: 2 }) }),
  fc.record({ do: fc.constant('digit' as const), again: fc.boolean() }),
  fc.record({
    do: fc.constant('correct' as const),
    back: fc.nat({ max: 8 }),
    word: fc.constantFrom('', 'press', 'relay operator', 'yes', 'warranty', '对'),
  }),
  fc.record({ do: fc.constant('drop' as const), count: fc.nat({ max: 7 }) }),
  fc.record({ do: fc.constant('ring' as const), pick }),
  fc.record({
    do: fc.constant('stale' as const),
    timer: fc.constantFrom('reply', 'closing', 'hold', 'hang-up', 'look-up', 'gone', 'unknown', '__proto__'),
    token: fc.nat({ max: 5 }),
  }),
  fc.record({
    do: fc.constantFrom(
      ...(['lost', 'back', 'back', 'open-again', 'look-up', 'recorded', 'recorded', 'transferred', 'failed'] as const),
    ),
  }),
  fc.record({
    do: fc.constant('reply-ends' as const),
    result: fc.constantFrom('completed' as const, 'failed' as const, 'cancelled' as const),
  }),
);

const confidence = fc.constantFrom(...CONFIDENCES);
const answer = fc.constantFrom<Classified>(...CATEGORIES, 'customer', 'customer', 'unsure');

const modelAnswer = {
  result: weighted<ModelAnswer['result']>([6, 'answered'], [1, 'late'], [1, 'failed'], [1, 'limited']),
  answer,
  confidence,
};

const modelMove: fc.Arbitrary<Move> = fc.oneof(
  fc.record({
    do: fc.constant('classified' as const),
    ...modelAnswer,
    besides: weighted([6, 0], [1, -1], [1, 1]),
  }),
  fc.record({
    do: fc.constant('report' as const),
    category: fc.constantFrom(...CATEGORIES),
    confidence,
    quoted: fc.boolean(),
  }),
);

const closeMove: fc.Arbitrary<Move> = fc.record({
  do: fc.constant('close' as const),
  why: fc.constantFrom('platform', 'lost', 'drained', 'guard', 'socket'),
});

/** Moves of a call in which lines of `kinds` are frequent. */
function movesOf(main: readonly LineKind[], silence: number): fc.Arbitrary<readonly Move[]> {
  const agent = fc.record({ do: fc.constant('agent' as const), pick });
  const pass = fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(300, 1_500, 4_000, 9_000) });
  const reminder = fc.record({
    do: fc.constant('turn' as const),
    kind: fc.constant('reminder' as const),
    skip: fc.constant(0),
  });
  const move = fc.oneof(
    { weight: 12, arbitrary: callerMove(fc.constantFrom(...main), 4) },
    { weight: 3, arbitrary: callerMove(fc.constantFrom(...kinds), 2) },
    { weight: 7, arbitrary: agent },
    { weight: 7, arbitrary: pass },
    { weight: silence, arbitrary: reminder },
    { weight: 5, arbitrary: rareMove },
    { weight: 3, arbitrary: modelMove },
  );
  return fc
    .tuple(
      fc.array(move, { minLength: 3, maxLength: 26, size: 'max' }),
      fc.option(closeMove, { freq: 3, nil: undefined }),
    )
    .map(([moves, close]) => (close ? [...moves, close] : moves));
}

const moves: fc.Arbitrary<readonly Move[]> = fc.oneof(
  { weight: 7, arbitrary: movesOf(['machine'], 1) },
  { weight: 2, arbitrary: movesOf(['pitch'], 1) },
  { weight: 1, arbitrary: movesOf(['bot', 'voicemail', 'queue', 'screening'], 1) },
  { weight: 2, arbitrary: movesOf(['human', 'short'], 1) },
  { weight: 1, arbitrary: movesOf(['machine', 'human', 'protect'], 1) },
  { weight: 1, arbitrary: movesOf(['short'], 20) },
);

/** Calls of every kind: mostly machines, so that probes and hang-ups are reached. */
export const scripts: fc.Arbitrary<Script> = fc.record({
  mode: weighted([14, 'enforce'], [1, MODES[1]], [1, MODES[2]]),
  preset: fc.constantFrom<keyof typeof PRESETS>('cautious', 'balanced', 'balanced', 'eager'),
  canStop: fc.boolean(),
  transfer: fc.boolean(),
  direction: weighted([6, 'inbound'], [1, 'outbound'], [1, 'web']),
  number: weighted(
    [16, 'plain'],
    [1, 'allowed'],
    [1, 'blocked'],
    [1, 'protected'],
    [1, 'blocked-and-protected'],
    [1, 'sanctioned'],
    [1, 'sanctioned-and-allowed'],
    [1, 'impossible'],
    [3, 'withheld'],
  ),
  attestation: weighted<CallFacts['attestation'] | undefined>([6, undefined], [1, 'A'], [1, 'failed']),
  facts: weighted([8, 'sent'], [1, 'none'], [1, 'late']),
  noText: fc.boolean(),
  timed: weighted([3, true], [1, false]),
  resumed: weighted([20, 'none'], [2, 'greeted'], [1, 'latched']),
  history: weighted([8, 'none'], [1, 'known'], [1, 'hung-up'], [1, 'pass-used']),
  lookUp: weighted([4, 'at-once'], [1, 'later']),
  spool: weighted([12, 'ok'], [1, 'fails'], [2, 'slow'], [1, 'slow-fails']),
  stopWorks: fc.boolean(),
  deafTo: fc.nat({ max: 6 }),
  dropsAtHangUp: weighted([5, false], [1, true]),
  replies: weighted([8, 'at-once'], [1, 'started-only'], [1, 'never'], [1, 'fails'], [1, 'fails-midway']),
  classifier: fc.constantFrom('none', 'at-once', 'later'),
  answers: fc.array(fc.record(modelAnswer), { minLength: 1, maxLength: CLASSIFICATIONS }),
  moves,
});
