import { ESTABLISHED_TURNS } from './reminders.ts';
import type { CallState, Draft } from './state.ts';
import type { Category } from './types.ts';
import { type ClosingTaken, givesBack, isInDoubt, RESTRAINTS, takesAgain } from './wish.ts';

/** Longer than the trail of any call but one in which everything changes all the time. */
export const MAX_TRAIL_CHARS = 24 * 1024;
/** Pieces put together by the engine are kept apart, each with a head: from here on they are made one. */
const JOIN_CHARS = 256;

/** A line more; `seen`: what is known to have been looked at since the evidence last changed. */
function put({ now, policy }: Draft, line: string, climbed: number, kept: number): void {
  const { trail, phase } = now;
  if (trail.full || phase === 'latched' || phase === 'over' || policy.mode === 'off') return;
  const full = trail.text.length + line.length > MAX_TRAIL_CHARS;
  const text = `${trail.text}\n${full ? '!' : line}`;
  // Reading a character makes the engine join the pieces.
  if (text.length % JOIN_CHARS < line.length) text.charCodeAt(0);
  now.trail = { text, climbed, kept, full };
}

const when = ({ now }: Draft): string => `${Math.round(now.callMs)} ${now.heard.reading.callerTurns}`;

/** The scored evidence has changed from `before`. */
export function trailEvidence(draft: Draft, before: CallState['scored']): void {
  const { now, policy } = draft;
  const { points, category } = now.verdict;
  const doubt = policy.classifications > 0 && isInDoubt(points, policy.thresholds, policy.weights);
  let line = `e ${when(draft)} ${Math.round(points * 100) / 100} ${category ?? '-'} ${doubt ? 'd' : '-'}`;
  for (const name in before) if (!(name in now.scored)) line += ` ${name}=-`;
  for (const name in now.scored) {
    const [old, one] = [before[name], now.scored[name]];
    if (!one || (old?.level === one.level && old.category === one.category)) continue;
    line += ` ${name}=${one.level}`;
    if (one.category || one.shadow) line += `/${one.category ?? ''}${one.shadow ? '/s' : ''}`;
  }
  put(draft, line, -1, -1);
}

/** The ladder looks at the sum; `asks` what it asks, null nothing. */
export function trailClimb(draft: Draft, bits: number, asks: string | null): void {
  const { climbed, kept } = draft.now.trail;
  const shadow = draft.policy.mode === 'shadow';
  if (climbed >= 0 && (asks === null || shadow)) {
    // With the same restraints as before, or more, nothing is asked that was not asked then.
    const more = (climbed & bits & RESTRAINTS) === (climbed & RESTRAINTS);
    if (more && (climbed & ~RESTRAINTS) === (bits & ~RESTRAINTS)) return;
  }
  put(draft, `c ${when(draft)} ${bits} ${asks ?? '-'}`, asks === null || shadow ? bits : -1, kept);
}

export function trailWeighed(draft: Draft, bits: number, taken: ClosingTaken, hangsUp: boolean): void {
  put(draft, `w ${when(draft)} ${bits} ${taken} ${hangsUp ? 'h' : '-'}`, -1, draft.now.trail.kept);
}

/** Silences as the transcript shows them may be somewhat longer for the platform, which tells of words a little late. */
const SILENCE_MARGIN_MS = 1_500;

/** Somebody may have spoken: a silence before that is noted where the guard would have listened for it. */
export function trailSaid(draft: Draft): void {
  const { now } = draft;
  if (now.callMs <= now.saidMs) return;
  noteSilence(draft, now.callMs - now.saidMs);
  now.saidMs = now.callMs;
  now.saidAt = now.atMs;
}

function noteSilence(draft: Draft, ms: number): void {
  const { now, policy } = draft;
  if (now.reminders === 'guard' || ms < policy.silence.triggerMs - SILENCE_MARGIN_MS) return;
  if (policy.mode === 'enforce' && policy.setsReminders) put(draft, 's', now.trail.climbed, now.trail.kept);
}

/** A moment at which reminders may change hands. */
export function trailKept(draft: Draft): void {
  const { now, policy } = draft;
  if (policy.mode !== 'enforce' || !policy.setsReminders) return;
  noteSilence(draft, now.atMs - now.saidAt);
  const reminder = now.turn?.kind === 'reminder' && now.turn.state === 'open';
  const guards = now.reminders === 'guard';
  // They are not taken from somebody on the allow list, only given back.
  if (!guards && now.rule?.name === 'allow') return;
  const { points } = now.verdict;
  const settled = now.heard.reading.callerTurns >= ESTABLISHED_TURNS && !now.scored.silence;
  if (guards && !settled && !reminder) return;
  const may = guards ? settled && givesBack(points, policy.thresholds) : takesAgain(points, policy.thresholds);
  const seen = (guards ? 1 : 0) | (settled ? 2 : 0);
  if (seen === now.trail.kept && !reminder) return;
  const whose = guards ? (settled ? 'g' : 'w') : 'o';
  put(draft, `k ${whose} ${may ? 'y' : '-'} ${reminder ? 'r' : '-'}`, now.trail.climbed, seen);
}

export function trailRule(draft: Draft, category: Category): void {
  put(draft, `b ${when(draft)} ${category}`, -1, draft.now.trail.kept);
}

export function trailTakenOver(draft: Draft): void {
  draft.now.trail = { ...draft.now.trail, text: `${draft.now.trail.text}\nt`, full: true };
}

/** The trail as it is recorded. */
export const trailText = ({ trail, resumed }: CallState): string => (resumed ? `${trail.text}\nr` : trail.text);
