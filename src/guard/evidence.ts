import type { Policy } from './policy.ts';
import type { CallView, Seen, Signal, Slot } from './signal.ts';
import {
  append,
  type CallState,
  callerTurn,
  type Draft,
  EVENT_SIGNALS,
  MOST,
  type Scored,
  TRANSCRIPT_SIGNALS,
} from './state.ts';
import type { Evidence } from './types.ts';
import { pointsOf, score } from './weights.ts';

const QUOTE_CHARS = 200;

/** Shows an event to the signals that follow events. Text is read elsewhere. */
export function showSignals(draft: Draft, seen: Seen): void {
  const { now, policy } = draft;
  const view: CallView = { facts: now.facts, language: now.language };
  let slots: Slot<unknown>[] | undefined;
  EVENT_SIGNALS.forEach((one, i) => {
    if (policy.signalModes[one.name] === 'off') return;
    const slot = (slots ?? now.eventSlots)[i] as Slot<unknown>;
    const next = one.observe(slot, seen, slot, view);
    if (next === slot) return;
    slots ??= now.eventSlots.slice();
    slots[i] = next;
  });
  if (slots) now.eventSlots = slots;
}

function quoteOf(now: CallState, evidence: Evidence): string | undefined {
  const { span } = evidence;
  if (!span || now.facts.noText) return undefined;
  const said = now.heard.recent.find((one) => one.said.index === span.index)?.said;
  return said?.text.slice(span.from, Math.min(span.to, span.from + QUOTE_CHARS));
}

/**
 * Scores the evidence as it stands; only what changed is looked up again. Counts in a reason change with every word:
 * they are brought up to date (`exact`) when the evidence is kept.
 */
export function scoreEvidence(draft: Draft, exact = false): void {
  const { now } = draft;
  const before = now.scored;
  const { slots } = now.heard.reading;
  let changed = takeSlots(draft, TRANSCRIPT_SIGNALS, slots, exact);
  changed = takeSlots(draft, EVENT_SIGNALS, now.eventSlots, exact) || changed;
  if (now.scored === before) return;
  const all = Object.values(now.scored);
  now.verdict = changed
    ? score(draft.policy.weights, draft.policy.priorPoints, all)
    : { ...now.verdict, evidence: all };
}

/** Takes over what the signals say now. Returns whether it counts differently. */
function takeSlots(
  { now, policy }: Draft,
  signals: readonly Signal[],
  slots: readonly Slot<unknown>[],
  exact: boolean,
): boolean {
  let changed = false;
  for (let i = 0; i < signals.length; i++) {
    const name = signals[i]?.name ?? '';
    if (policy.signalModes[name] === 'off') continue;
    const evidence = slots[i]?.evidence;
    const old = now.scored[name];
    if (evidence) {
      if (old && sameEvidence(old, evidence) && !(exact && old.reason !== evidence.reason)) continue;
      changed ||= old?.level !== evidence.level || old.category !== evidence.category;
      now.scored = { ...now.scored, [name]: scoredOf(now, policy, name, evidence) };
    } else if (old) {
      const { [name]: _gone, ...rest } = now.scored;
      now.scored = rest;
      changed = true;
    }
  }
  return changed;
}

function scoredOf(now: CallState, policy: Policy, name: string, evidence: Evidence): Scored {
  const quote = quoteOf(now, evidence);
  return {
    ...evidence,
    signal: name,
    group: policy.weights.signals[name]?.group ?? name,
    points: pointsOf(policy.weights, name, evidence.level),
    ...(policy.signalModes[name] === 'shadow' ? { shadow: true as const } : {}),
    ...(quote === undefined ? {} : { quote }),
  };
}

const sameEvidence = (old: Scored, next: Evidence): boolean =>
  old.level === next.level &&
  old.category === next.category &&
  old.span?.index === next.span?.index &&
  old.span?.to === next.span?.to;

/** Keeps the evidence of a turn for the record, when it differs from the last that was kept. */
export function keepEvidence(draft: Draft): void {
  const { now } = draft;
  scoreEvidence(draft, true);
  const evidence = Object.values(now.scored);
  const last = now.turns.at(-1);
  if (last && last.turn === callerTurn(now) && last.points === now.verdict.points) return;
  if (!last && evidence.length === 0) return;
  now.turns = append(
    now.turns,
    { turn: callerTurn(now), callMs: now.callMs, points: now.verdict.points, evidence },
    MOST.turns,
  );
}
