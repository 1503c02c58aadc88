import type { Policy } from './policy.ts';
import type { CallView, Seen, Signal, Slot } from './signal.ts';
import {
  append,
  type CallState,
  callerTurn,
  type Draft,
  EVENT_SIGNALS,
  MOST,
  type Mutable,
  type Scored,
  TRANSCRIPT_SIGNALS,
} from './state.ts';
import { trailEvidence, trailKept, trailSaid } from './trail.ts';
import type { Evidence } from './types.ts';
import { pointsOf, score } from './weights.ts';

const QUOTE_CHARS = 200;

/** Shows an event to the signals that follow events. Text is read elsewhere. */
export function showSignals(draft: Draft, seen: Seen): void {
  const { now, policy } = draft;
  const view: CallView = { facts: now.facts, language: now.language };
  let slots: Slot<unknown>[] | undefined;
  for (let i = 0; i < EVENT_SIGNALS.length; i++) {
    const one = EVENT_SIGNALS[i] as Signal;
    if (policy.signalModes[one.name] === 'off') continue;
    const slot = now.eventSlots[i] as Slot<unknown>;
    const next = one.observe(slot, seen, slot, view);
    if (next === slot) continue;
    slots ??= now.eventSlots.slice();
    slots[i] = next;
  }
  if (slots) now.eventSlots = slots;
}

function quoteOf(now: CallState, evidence: Evidence): string | undefined {
  const { span } = evidence;
  if (!span || now.facts.noText) return undefined;
  const said = now.heard.recent.find((one) => one.line.index === span.index);
  return said?.line.text.slice(span.from, Math.min(span.to, span.from + QUOTE_CHARS));
}

/**
 * How thoroughly evidence is brought up to date. `growing`: in the middle of an utterance, when a reason and its points
 * matter, not yet how far the words go that it rests on; `now`: those too; `exact`: also counts in a reason, which
 * change with every word.
 */
type Care = 'growing' | 'now' | 'exact';

/** Scores the evidence as it stands; only what changed is looked up again. */
export function scoreEvidence(draft: Draft, care: Care = 'now'): void {
  const { now } = draft;
  trailSaid(draft);
  const before = now.scored;
  const transcript = now.heard.reading.slots;
  const events = now.eventSlots;
  let changed = takeSlots(draft, TRANSCRIPT_SIGNALS, transcript, now.scoredOf.transcript, care);
  changed = takeSlots(draft, EVENT_SIGNALS, events, now.scoredOf.events, care) || changed;
  now.scoredOf = { transcript, events };
  if (now.scored === before) return;
  const all = Object.values(now.scored);
  const { points, probability, category } = now.verdict;
  now.verdict = changed
    ? score(draft.policy.weights, draft.policy.priorPoints, all)
    : { points, probability, category, evidence: all };
  if (changed) trailEvidence(draft, before);
}

/** Takes over what the signals say now; `last` is what they said when asked last. Returns whether it counts differently. */
function takeSlots(
  { now, policy }: Draft,
  signals: readonly Signal[],
  slots: readonly Slot<unknown>[],
  last: readonly Slot<unknown>[],
  care: Care,
): boolean {
  if (care === 'growing' && slots === last) return false;
  let changed = false;
  for (let i = 0; i < signals.length; i++) {
    const evidence = slots[i]?.evidence ?? null;
    if (care === 'growing' && evidence === last[i]?.evidence) continue;
    const name = signals[i]?.name ?? '';
    if (policy.signalModes[name] === 'off') continue;
    const old = now.scored[name];
    if (evidence) {
      const next = update(now, policy, name, evidence, last[i]?.evidence ?? null, care);
      if (next === old) continue;
      changed ||= old?.level !== evidence.level || old.category !== evidence.category;
      now.scored = { ...now.scored, [name]: next };
    } else if (old) {
      const { [name]: _gone, ...rest } = now.scored;
      now.scored = rest;
      changed = true;
    }
  }
  return changed;
}

/** What is scored of a signal now; the same object when that is up to date. `last` is what was shown last. */
function update(
  now: CallState,
  policy: Policy,
  name: string,
  evidence: Evidence,
  last: Evidence | null,
  care: Care,
): Scored {
  const old = now.scored[name];
  if (!old || old.level !== evidence.level || old.category !== evidence.category)
    return scoredOf(now, policy, name, evidence);
  if (care === 'exact') {
    const isExact = old.reason === evidence.reason && sameSpan(old, evidence);
    return isExact ? old : scoredOf(now, policy, name, evidence);
  }
  if (!last || !sameSpan(last, evidence)) {
    const grows = care === 'growing' && old.reason === evidence.reason && last?.span?.index === evidence.span?.index;
    return grows ? old : scoredOf(now, policy, name, evidence);
  }
  // It grew unnoticed meanwhile.
  return care === 'growing' || sameSpan(old, evidence)
    ? old
    : scoredOf(now, policy, name, { ...evidence, reason: old.reason });
}

const sameSpan = (a: Evidence, b: Evidence): boolean => a.span?.index === b.span?.index && a.span?.to === b.span?.to;

/** Field by field: of a spread the engine makes a hidden class of its own for each object, ten times its size. */
function scoredOf(now: CallState, policy: Policy, name: string, evidence: Evidence): Scored {
  const { level, category, reason, values, span } = evidence;
  const group = policy.weights.signals[name]?.group ?? name;
  const points = pointsOf(policy.weights, name, level);
  const scored: Mutable<Scored> = { level, reason, signal: name, group, points };
  if (category !== undefined) scored.category = category;
  if (values !== undefined) scored.values = values;
  if (span !== undefined) scored.span = span;
  if (policy.signalModes[name] === 'shadow') scored.shadow = true;
  const quote = quoteOf(now, evidence);
  if (quote !== undefined) scored.quote = quote;
  return scored;
}

/** Keeps the evidence of a turn for the record, when it differs from the last that was kept. */
export function keepEvidence(draft: Draft): void {
  const { now } = draft;
  scoreEvidence(draft, 'exact');
  trailKept(draft);
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
