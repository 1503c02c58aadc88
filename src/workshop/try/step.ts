import type { CallState, ProbeAsked, Scored } from '../../guard/state.ts';
import { callerTurn } from '../../guard/state.ts';
import type { Category, Rung } from '../../guard/types.ts';

/** Something that was said, as it was heard. Times are call milliseconds. */
export interface SaidLine {
  readonly who: 'agent' | 'caller';
  readonly text: string;
  readonly fromMs: number;
  /** Cut off. */
  readonly cut?: true;
  /** The agent has more to say. */
  readonly unfinished?: true;
  /** Said over the agent. */
  readonly over?: true;
  /** A key was pressed. */
  readonly digit?: true;
}

/** A question that the guard put. */
export interface AskedLine {
  readonly kind: string;
  readonly text: string;
  /** Call milliseconds. */
  readonly atMs: number;
}

export interface EvidenceChange {
  readonly signal: string;
  /** `−` weighs for the caller now, or less against them; `gone`: withdrawn. */
  readonly change: '+' | '−' | '=' | 'gone';
  readonly from: number;
  readonly to: number;
}

/** What came of one turn of the person at the keys. */
export interface TryStep {
  readonly callMs: number;
  readonly turn: number;
  readonly said: readonly SaidLine[];
  readonly points: number;
  /** Points since the last step. */
  readonly moved: number;
  readonly probability: number;
  readonly rung: Rung;
  readonly category: Category | null;
  /** A rule above the sum, and why: protect, allow, block, free pass. */
  readonly rule: { readonly name: string; readonly reason: string } | null;
  readonly asked: readonly AskedLine[];
  /** Questions that were settled. */
  readonly answered: readonly ProbeAsked[];
  readonly evidence: readonly Scored[];
  readonly changes: readonly EvidenceChange[];
}

const FREE_PASS = { name: 'free pass', reason: 'this number was hung up on before, one call is let through' } as const;

/** Tells what is new in `now` since `before`; null: the call begins. */
export function stepOf(
  now: CallState,
  before: CallState | null,
  /** Where the sum began. */
  priorPoints: number,
  heard: { readonly callMs: number; readonly said: readonly SaidLine[]; readonly asked: readonly AskedLine[] },
): TryStep {
  const { verdict, rung, rule } = now;
  const evidence = Object.values(now.scored);
  return {
    ...heard,
    turn: callerTurn(now),
    points: verdict.points,
    moved: verdict.points - (before?.verdict.points ?? priorPoints),
    probability: verdict.probability,
    rung,
    category: verdict.category,
    rule: rule ? { name: rule.name, reason: rule.reason } : now.freePass ? FREE_PASS : null,
    answered: now.probes.slice(before?.probes.length ?? 0),
    evidence,
    changes: changesOf(now.scored, before?.scored ?? {}),
  };
}

function changesOf(now: CallState['scored'], before: CallState['scored']): EvidenceChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].flatMap((signal): EvidenceChange[] => {
    const [from, to] = [counted(before[signal]), counted(now[signal])];
    if (now[signal]?.level === before[signal]?.level) return [];
    if (from === to && to === 0) return [];
    const change = now[signal] === undefined ? 'gone' : to > from ? '+' : to < from ? '−' : '=';
    return [{ signal, change, from, to }];
  });
}

/** Points that evidence adds before the cap of its group; in shadow mode none. */
export const counted = (one: Scored | undefined): number => (one === undefined || one.shadow === true ? 0 : one.points);
