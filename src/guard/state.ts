import { type Heard, startHearing } from './heard.ts';
import type { Policy } from './policy.ts';
import { unknownFacts } from './policy.ts';
import type { Rule } from './rules.ts';
import type { Signal, Slot } from './signal.ts';
import { SIGNALS } from './signals/index.ts';
import { startTrail, type Trail } from './trail-start.ts';
import type {
  CallFacts,
  Effect,
  Latch,
  NumberHistory,
  Outcome,
  ProbeKind,
  ProbeResult,
  Rung,
  ScoredEvidence,
  Verdict,
} from './types.ts';
import type { Vocabulary } from './vocabulary.ts';
import { toProbability } from './weights.ts';

export const TRANSCRIPT_SIGNALS: readonly Signal[] = SIGNALS.filter((one) => one.follows === 'transcript');
export const EVENT_SIGNALS: readonly Signal[] = SIGNALS.filter((one) => one.follows === 'events');

/** Evidence as scored now, with the words it rests on while they are at hand. */
export interface Scored extends ScoredEvidence {
  readonly quote?: string;
}

/** A probe or closing sentence that waits for its answer. */
export interface Asked {
  readonly kind: ProbeKind | 'closing';
  readonly via: 'turn' | 'interrupt';
  readonly turn: number;
  readonly callMs: number;
  /** Call time from which words can be an answer: the caller has heard what was asked. */
  readonly heardMs: number;
  /** Where the caller's words stood: utterance index and words of it. */
  readonly mark: { readonly index: number; readonly words: number };
  /** What was said since, by utterance. */
  readonly parts: readonly { readonly index: number; readonly words: readonly string[]; readonly machine: boolean }[];
  readonly digit: boolean;
  /** The caller stopped before the first word of the answer. */
  readonly yielded: boolean;
  /** Call time of the caller's last word before it. */
  readonly callerEndMs: number;
  readonly reminders: number;
  /** The time to answer was prolonged once, because the caller was just speaking. */
  readonly prolonged: boolean;
  /** The caller's last utterances before. */
  readonly earlier: readonly Vocabulary[];
}

/** The platform's last request. */
export interface Turn {
  readonly id: number;
  readonly kind: 'reply' | 'reminder';
  /** `open`: nothing sent; `replying`: the responder works; `held`: "one moment" was said under it; `done`. */
  readonly state: 'open' | 'replying' | 'held' | 'done';
  readonly started: boolean;
}

export interface EvidenceAtTurn {
  readonly turn: number;
  readonly callMs: number;
  readonly points: number;
  readonly evidence: readonly Scored[];
}

export interface RungChange {
  readonly from: Rung;
  readonly to: Rung;
  readonly turn: number;
  readonly callMs: number;
  readonly points: number;
  readonly why: string;
}

export interface ProbeAsked {
  readonly kind: ProbeKind | 'closing';
  readonly turn: number;
  readonly callMs: number;
  readonly result: ProbeResult;
  readonly why: string;
}

/** All that the guard knows of a call. Never changed in place. */
export interface CallState {
  readonly facts: CallFacts;
  readonly opened: boolean;
  readonly atMs: number;
  readonly callMs: number;
  readonly timed: boolean;
  readonly heard: Heard;
  readonly eventSlots: readonly Slot<unknown>[];
  readonly scored: Readonly<Record<string, Scored>>;
  /** The slots that `scored` was last brought up to date with. */
  readonly scoredOf: { readonly transcript: readonly Slot<unknown>[]; readonly events: readonly Slot<unknown>[] };
  readonly verdict: Verdict;
  readonly language: string;
  readonly rule: Rule | null;
  readonly history: NumberHistory | null;
  readonly freePass: boolean;
  readonly rung: Rung;
  readonly asked: Asked | null;
  readonly probesAsked: number;
  readonly closingsAsked: number;
  /** No new question before the caller has said this many words. */
  readonly calmUntilWords: number;
  readonly wordsAtAgentLine: number;
  readonly turn: Turn | null;
  /** A turn request comes with what is being told. */
  readonly turnComing: boolean;
  readonly greeted: boolean;
  readonly resumed: boolean;
  readonly digits: number;
  readonly phase: 'open' | 'deciding' | 'latched' | 'over';
  readonly latch: Latch | null;
  readonly wouldHangUp: Latch | null;
  /** The spool failed: no hang-up in this call. */
  readonly mayNotHangUp: boolean;
  readonly attempt: number;
  readonly repeats: number;
  readonly sent: boolean;
  readonly confirmed: boolean;
  readonly screened: boolean;
  /** The agent's own model said goodbye, or transferred the call, with its last reply. */
  readonly agentEnded: boolean;
  readonly agentTransferred: boolean;
  /** The LLM classifier: how often asked, and the caller's words when it was last asked; in flight for which turn. */
  readonly classify: { readonly asked: number; readonly atWords: number; readonly turn: number | null };
  readonly transferred: boolean;
  readonly reminders: 'own' | 'guard';
  readonly tokens: Readonly<Record<string, number>>;
  readonly outcome: Outcome | null;
  readonly reconnects: number;
  readonly turns: readonly EvidenceAtTurn[];
  readonly rungs: readonly RungChange[];
  readonly probes: readonly ProbeAsked[];
  readonly faults: readonly string[];
  /** What rescoring under other numbers needs to know. */
  readonly trail: Trail;
  /** Call time up to which somebody has spoken, and when that was heard: see `trail.ts`. */
  readonly saidMs: number;
  readonly saidAt: number;
}

export function startCall(policy: Policy, call: { callId: string; agent: string; platform: string }): CallState {
  const heard = startHearing(TRANSCRIPT_SIGNALS);
  const eventSlots = EVENT_SIGNALS.map((one): Slot<unknown> => ({ own: one.start, evidence: null }));
  return {
    facts: unknownFacts(call.callId, call.agent, call.platform),
    opened: false,
    atMs: 0,
    callMs: 0,
    timed: false,
    heard,
    eventSlots,
    scored: {},
    scoredOf: { transcript: heard.reading.slots, events: eventSlots },
    verdict: {
      points: policy.priorPoints,
      probability: toProbability(policy.priorPoints),
      category: null,
      evidence: [],
    },
    language: policy.language,
    rule: null,
    history: null,
    freePass: false,
    rung: 'continue',
    asked: null,
    probesAsked: 0,
    closingsAsked: 0,
    calmUntilWords: 0,
    wordsAtAgentLine: 0,
    turn: null,
    turnComing: false,
    greeted: false,
    resumed: false,
    digits: 0,
    phase: 'open',
    latch: null,
    wouldHangUp: null,
    mayNotHangUp: false,
    attempt: 0,
    repeats: 0,
    sent: false,
    confirmed: false,
    screened: false,
    agentEnded: false,
    agentTransferred: false,
    classify: { asked: 0, atWords: 0, turn: null },
    transferred: false,
    reminders: 'own',
    tokens: {},
    outcome: null,
    reconnects: 0,
    turns: [],
    rungs: [],
    probes: [],
    faults: [],
    trail: startTrail(policy),
    saidMs: 0,
    saidAt: 0,
  };
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** One step in the making: a copy of the state that may be written, and the effects so far. */
export interface Draft {
  readonly policy: Policy;
  readonly now: Mutable<CallState>;
  readonly effects: Effect[];
}

/** Bounds of the lists that a record keeps. */
export const MOST = { turns: 80, rungs: 60, probes: 20, faults: 40 } as const;

export const append = <T>(list: readonly T[], item: T, most: number): readonly T[] =>
  list.length < most ? [...list, item] : list;

/** Asks to be woken; an earlier request of the same name is void. */
export function wake(draft: Draft, timer: string, afterMs: number): void {
  const token = (draft.now.tokens[timer] ?? 0) + 1;
  draft.now.tokens = { ...draft.now.tokens, [timer]: token };
  draft.effects.push({ type: 'wake', timer, token, afterMs });
}

/** Makes void what was asked for. */
export function dontWake(draft: Draft, timer: string): void {
  draft.now.tokens = { ...draft.now.tokens, [timer]: (draft.now.tokens[timer] ?? 0) + 1 };
}

export function fault(draft: Draft, what: string): void {
  if (draft.now.faults.at(-1) !== what) draft.now.faults = append(draft.now.faults, what, MOST.faults);
}

export function moveRung(draft: Draft, to: Rung, why: string): void {
  const { now } = draft;
  if (now.rung === to) return;
  now.rungs = append(
    now.rungs,
    { from: now.rung, to, turn: callerTurn(now), callMs: now.callMs, points: now.verdict.points, why },
    MOST.rungs,
  );
  now.rung = to;
}

/** The caller's turns so far. */
export const callerTurn = (state: CallState): number => state.heard.reading.callerTurns;
export const callerWords = (state: CallState): number => state.heard.reading.callerWords;

/** Text in the caller's language. */
export const say = (draft: Draft, kind: string): string =>
  draft.policy.texts.text(draft.now.language, kind, { scope: draft.policy.scope, agent: draft.policy.agent });

/** About how long a text takes to be spoken. */
export function speechMs(text: string): number {
  let ms = 0;
  for (const char of text) ms += char >= '\u3040' && char <= '\u9fff' ? 220 : 65;
  return Math.max(text === '' ? 0 : 800, ms);
}
