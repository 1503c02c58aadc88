import type { CallView, Seen, Slot } from './signal.ts';
import { append, callerTurn, type Draft, EVENT_SIGNALS, MOST, type Scored, TRANSCRIPT_SIGNALS } from './state.ts';
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

function quoteOf(draft: Draft, evidence: Evidence): string | undefined {
  const { span } = evidence;
  if (!span || draft.now.facts.noText) return undefined;
  const said = draft.now.heard.recent.find((one) => one.said.index === span.index)?.said;
  return said?.text.slice(span.from, Math.min(span.to, span.from + QUOTE_CHARS));
}

/** Scores the evidence as it stands; only what changed is looked up again. */
export function scoreEvidence(draft: Draft): void {
  const { now, policy } = draft;
  let scored: Record<string, Scored> | undefined;
  const take = (name: string, evidence: Evidence | null): void => {
    const old = now.scored[name];
    if (!evidence) {
      if (old) {
        scored ??= { ...now.scored };
        delete scored[name];
      }
      return;
    }
    if (old && sameEvidence(old, evidence)) return;
    scored ??= { ...now.scored };
    const quote = quoteOf(draft, evidence);
    const mode = policy.signalModes[name] ?? 'enforce';
    scored[name] = {
      ...evidence,
      signal: name,
      group: policy.weights.signals[name]?.group ?? name,
      points: pointsOf(policy.weights, name, evidence.level),
      ...(mode === 'shadow' ? { shadow: true as const } : {}),
      ...(quote === undefined ? {} : { quote }),
    };
  };
  TRANSCRIPT_SIGNALS.forEach((one, i) => {
    if (policy.signalModes[one.name] !== 'off') take(one.name, now.heard.reading.slots[i]?.evidence ?? null);
  });
  EVENT_SIGNALS.forEach((one, i) => {
    if (policy.signalModes[one.name] !== 'off') take(one.name, now.eventSlots[i]?.evidence ?? null);
  });
  if (!scored) return;
  now.scored = scored;
  now.verdict = score(policy.weights, policy.priorPoints, Object.values(scored));
}

const sameEvidence = (old: Scored, next: Evidence): boolean =>
  old.level === next.level &&
  old.reason === next.reason &&
  old.category === next.category &&
  old.span?.index === next.span?.index &&
  old.span?.to === next.span?.to;

/** Keeps the evidence of a turn for the record, when it differs from the last that was kept. */
export function keepEvidence(draft: Draft): void {
  const { now } = draft;
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
