import type { Rung } from '../../guard/types.ts';
import type { CallRecord, EvidenceOfTurn } from '../../records/record.ts';
import type { EvalCall } from './run.ts';

/** Points of records are rounded to a hundredth. */
export const SAME_SUM = 0.015;

/** The first step of the ladder that only one of two runs of a call took. */
export interface LadderDifference {
  /** Who took it; where both took another one, who took the higher. */
  readonly side: 'a' | 'b';
  readonly rung: Rung;
  readonly turn: number;
  readonly callMs: number;
  readonly points: number;
}

/** The agent's first words that differ; null: the other run has none there. */
export interface WordsDifference {
  /** Turns of the caller before them. */
  readonly turn: number;
  readonly a: string | null;
  readonly b: string | null;
}

/** Evidence of one turn that differs in more than its points; null: not seen. */
export interface LevelDifference {
  readonly turn: number;
  readonly signal: string;
  readonly a: string | null;
  readonly b: string | null;
}

const HEIGHT: Readonly<Record<Rung, number>> = { continue: 0, probe: 1, closing: 2, hang_up: 3 };

export function ladderDifference(a: CallRecord, b: CallRecord): LadderDifference | null {
  for (let i = 0; i < Math.max(a.rungs.length, b.rungs.length); i++) {
    const [ofA, ofB] = [a.rungs[i], b.rungs[i]];
    if (ofA !== undefined && ofB !== undefined && ofA.to === ofB.to && ofA.turn === ofB.turn) continue;
    const first = firstOf(ofA, ofB);
    const moved = first === 'a' ? ofA : ofB;
    return moved === undefined ? null : { ...moved, side: first, rung: moved.to };
  }
  return null;
}

function firstOf(a: CallRecord['rungs'][number] | undefined, b: CallRecord['rungs'][number] | undefined): 'a' | 'b' {
  if (a === undefined || b === undefined) return a === undefined ? 'b' : 'a';
  if (a.turn !== b.turn) return a.turn < b.turn ? 'a' : 'b';
  return HEIGHT[a.to] >= HEIGHT[b.to] ? 'a' : 'b';
}

/** What the agent said, line by line. Nothing differs where one of two lines was only cut off earlier. */
export function wordsDifference(a: EvalCall, b: EvalCall): WordsDifference | null {
  const [linesA, linesB] = [a.result.transcript, b.result.transcript];
  let turn = 0;
  for (let i = 0; i < Math.max(linesA.length, linesB.length); i++) {
    const [ofA, ofB] = [agents(linesA[i]), agents(linesB[i])];
    if (ofA === null && ofB === null) {
      turn++;
      continue;
    }
    if (ofA === null || ofB === null) return { turn, a: ofA, b: ofB };
    if (!ofA.startsWith(ofB) && !ofB.startsWith(ofA)) return { turn, a: ofA, b: ofB };
  }
  return null;
}

const agents = (line: EvalCall['result']['transcript'][number] | undefined): string | null =>
  line?.role === 'agent' ? line.text : null;

/**
 * The first turn in which both runs saw something else, up to the moment `until`; evidence after the ladders have parted
 * differs as a matter of course.
 */
export function levelDifference(
  a: CallRecord,
  b: CallRecord,
  until: { readonly turn: number; readonly callMs: number } | null,
): LevelDifference | null {
  const before = ({ evidence }: CallRecord, turn: number): EvidenceOfTurn | undefined =>
    evidence.findLast((one) => one.turn === turn);
  for (const turn of new Set(a.evidence.map((one) => one.turn))) {
    if (until !== null && turn > until.turn) break;
    // Within the turn in which they part, only evidence of the same moment can be compared.
    const pairs =
      turn === until?.turn ? sameMoments(a, b, turn, until.callMs) : [[before(a, turn), before(b, turn)] as const];
    for (const [ofA, ofB] of pairs) {
      const found = ofA === undefined || ofB === undefined ? null : otherLevel(ofA, ofB);
      if (found !== null) return found;
    }
  }
  return null;
}

function sameMoments(a: CallRecord, b: CallRecord, turn: number, untilMs: number) {
  return a.evidence
    .filter((one) => one.turn === turn && one.callMs <= untilMs)
    .map((one) => [one, b.evidence.find((other) => other.turn === turn && other.callMs === one.callMs)] as const);
}

function otherLevel(a: EvidenceOfTurn, b: EvidenceOfTurn): LevelDifference | null {
  const [levelsA, levelsB] = [levelsOf(a), levelsOf(b)];
  for (const signal of new Set([...levelsA.keys(), ...levelsB.keys()])) {
    const [levelA, levelB] = [levelsA.get(signal) ?? null, levelsB.get(signal) ?? null];
    if (levelA !== levelB) return { turn: a.turn, signal, a: levelA, b: levelB };
  }
  return null;
}

const levelsOf = ({ evidence }: EvidenceOfTurn): Map<string, string> =>
  new Map(
    evidence.map(({ signal, level, category, shadow }) => [
      signal,
      `${level}${category === undefined ? '' : ` (${category})`}${shadow ? ' in shadow' : ''}`,
    ]),
  );

/** A question that was put at the same turn and taken to be answered differently, before the ladders parted. */
export function answerDifference(
  a: CallRecord,
  b: CallRecord,
): { readonly kind: string; readonly turn: number; readonly a: string; readonly b: string } | null {
  for (let i = 0; i < Math.min(a.probes.length, b.probes.length); i++) {
    const [ofA, ofB] = [a.probes[i], b.probes[i]];
    if (ofA === undefined || ofB === undefined || ofA.kind !== ofB.kind || ofA.turn !== ofB.turn) return null;
    if (ofA.result !== ofB.result) return { kind: ofA.kind, turn: ofA.turn, a: ofA.result, b: ofB.result };
  }
  return null;
}
