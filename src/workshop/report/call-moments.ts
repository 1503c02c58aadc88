import type { CallRecord, EvidenceOfTurn, ProbeOfCall, RungChange } from '../../records/record.ts';
import type { ReportSide } from './report-calls.ts';

/** What happened in a call, for its timeline: somebody spoke, evidence stood, a rung was taken, a question asked. */
export type Moment =
  | {
      readonly type: 'said';
      readonly role: 'agent' | 'user';
      readonly text: string;
      readonly index: number;
      /** Of the caller's utterances, from 1; null: the agent. */
      readonly turn: number | null;
      readonly atMs: number | null;
    }
  | { readonly type: 'evidence'; readonly of: EvidenceOfTurn; readonly before: EvidenceOfTurn | null }
  | { readonly type: 'rung'; readonly of: RungChange }
  /** `number` counts the questions of the call, as the plot does. */
  | { readonly type: 'probe'; readonly of: ProbeOfCall; readonly number: number };

/** Utterances and turns drawn of one call. */
const MAX_MOMENTS = 400;

/** The moments of a call in order: utterances as in the transcript, all else after the words that it follows from. */
export function callMoments({ call, spokenAt }: ReportSide): { moments: Moment[]; left: number } {
  let turn = 0;
  const spoken = call.result.transcript.map(({ role, text }, index): Moment & { type: 'said' } => {
    if (role === 'user') turn++;
    const atMs = spokenAt.get(index)?.startMs ?? null;
    return { type: 'said', role, text, index, turn: role === 'user' ? turn : null, atMs };
  });
  const after = new Map<number, Moment[]>();
  for (const { turn, callMs, moment } of call.record === null ? [] : recorded(call.record)) {
    const place = placeOf(spoken, turn, callMs);
    after.set(place, [...(after.get(place) ?? []), moment]);
  }
  const all = [...(after.get(-1) ?? []), ...spoken.flatMap((one) => [one, ...(after.get(one.index) ?? [])])];
  return { moments: all.slice(0, MAX_MOMENTS), left: Math.max(0, all.length - MAX_MOMENTS) };
}

interface Recorded {
  readonly turn: number;
  readonly callMs: number;
  readonly moment: Moment;
}

/** Evidence before the rungs that follow from it, rungs before their questions; stable within. */
function recorded({ evidence, rungs, probes }: CallRecord): Recorded[] {
  const all: Recorded[] = [
    ...evidence.map((of, i) => ({
      ...at(of),
      moment: { type: 'evidence', of, before: evidence[i - 1] ?? null } as const,
    })),
    ...rungs.map((of) => ({ ...at(of), moment: { type: 'rung', of } as const })),
    ...probes.map((of, i) => ({ ...at(of), moment: { type: 'probe', of, number: i + 1 } as const })),
  ];
  return all.sort((a, b) => a.turn - b.turn || a.callMs - b.callMs);
}

function at({ turn, callMs }: { turn: number; callMs: number }): { turn: number; callMs: number } {
  return { turn, callMs };
}

/** Index of the utterance that something of a turn and time comes after: the turn's own, or a later line of the agent. */
function placeOf(spoken: readonly (Moment & { type: 'said' })[], turn: number, callMs: number): number {
  let place = -1;
  for (const one of spoken) {
    if (one.turn !== null && one.turn > turn) break;
    // Without times only the greeting is known to come before what is told of turn 0.
    const begun = one.atMs === null ? turn === 0 && place < 0 : one.atMs < callMs;
    if (one.role === 'agent' && !begun) continue;
    place = one.index;
  }
  return place;
}
