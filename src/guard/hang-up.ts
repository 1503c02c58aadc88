import { keepEvidence } from './evidence.ts';
import { callerTurn, type Draft, dontWake, fault, moveRung, say, speechMs, wake } from './state.ts';
import { trailTakenOver } from './trail.ts';
import type { Category, Latch } from './types.ts';

/** After the goodbye was spoken the platform has this long to close. */
const CONFIRM_MS = 2_500;
/** The same for means that speak nothing. */
const SHORT_CONFIRM_MS = 2_500;
const VOICE_MS = 600;
/** Answers to a platform that keeps asking after the hang-up was sent, before the socket is closed. */
const MOST_REPEATS = 4;

function latchOf(draft: Draft, category: Category, reason: string): Latch {
  const { now } = draft;
  return {
    category,
    points: now.verdict.points,
    probability: now.verdict.probability,
    turn: callerTurn(now),
    callMs: now.callMs,
    reason,
  };
}

/** Decides once: in shadow mode it is only noted; else it goes to disk first. */
export function decide(draft: Draft, category: Category, reason: string): void {
  const { now, policy, effects } = draft;
  if (now.phase !== 'open' || now.mayNotHangUp) return;
  keepEvidence(draft);
  if (policy.mode === 'shadow') {
    now.wouldHangUp ??= latchOf(draft, category, reason);
    return;
  }
  if (policy.mode !== 'enforce') return;
  now.phase = 'deciding';
  now.latch = latchOf(draft, category, reason);
  effects.push({ type: 'decide', latch: now.latch });
}

/** The decision is on disk, or could not be put there: then the call goes on. */
export function onRecorded(draft: Draft, ok: boolean): void {
  const { now } = draft;
  if (now.phase !== 'deciding' || !now.latch) return;
  if (!ok) {
    now.phase = 'open';
    now.latch = null;
    now.mayNotHangUp = true;
    fault(draft, 'the decision could not be written to disk: no hang-up');
    moveRung(draft, 'continue', 'the decision could not be written to disk');
    return;
  }
  now.phase = 'latched';
  now.asked = null;
  dontWake(draft, 'closing');
  dontWake(draft, 'hold');
  dontWake(draft, 'reply');
  moveRung(draft, 'hang_up', now.latch.reason);
  attempt(draft, 1);
}

/** Takes over a hang-up that an earlier socket or process had decided. */
export function takeOver(draft: Draft, latch: Latch): void {
  const { now } = draft;
  if (now.phase === 'over') return;
  now.phase = 'latched';
  now.latch = latch;
  trailTakenOver(draft);
  moveRung(draft, 'hang_up', 'decided before the connection was lost');
}

/** Ends the call by the given means and watches whether it worked. */
export function attempt(draft: Draft, by: 1 | 2 | 3 | 4): void {
  const { now, effects, policy } = draft;
  const open = now.turn && now.turn.state !== 'done' ? now.turn : null;
  if (open?.state === 'replying') effects.push({ type: 'cancel-reply', turn: open.id });
  const first = now.attempt === 0;
  const message =
    now.latch?.category === 'voicemail' && policy.voicemailMessage !== ''
      ? policy.voicemailMessage
      : say(draft, 'goodbye');
  const turn = by === 1 ? (open?.id ?? null) : null;
  // Cutting in needs a word to speak (empty content is unconfirmed); a repeat under a pending turn needs none.
  const text = by > 2 || (turn !== null && !first) ? '' : message;
  effects.push({ type: 'hang-up', attempt: by, turn, text });
  if (open) now.turn = { ...open, state: 'done' };
  now.attempt = by;
  wake(draft, 'hang-up', by <= 2 ? VOICE_MS + speechMs(text) + CONFIRM_MS : SHORT_CONFIRM_MS);
}

/** The platform has not closed in time: the next means. */
export function onUnconfirmed(draft: Draft): void {
  const { now, policy } = draft;
  if (now.phase !== 'latched') return;
  if (now.attempt < 3) attempt(draft, (now.attempt + 1) as 2 | 3);
  else if (now.attempt === 3 && policy.canStop) attempt(draft, 4);
  else fault(draft, 'the platform did not confirm the hang-up');
}

/** The platform asks for more although the hang-up was sent: it was dropped, so it is said again for this turn. */
export function repeatHangUp(draft: Draft): void {
  const { now } = draft;
  now.repeats++;
  if (now.repeats <= MOST_REPEATS) attempt(draft, now.attempt >= 3 ? 3 : 1);
  else attempt(draft, 3);
}
