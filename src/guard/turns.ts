import { settle } from './ask.ts';
import { keepEvidence, scoreEvidence, showSignals } from './evidence.ts';
import { repeatHangUp } from './hang-up.ts';
import { climb, weigh } from './ladder.ts';
import { shareReminders } from './reminders.ts';
import { type Draft, dontWake, say, wake } from './state.ts';

/** The platform wants something said. */
export function onTurn(draft: Draft, id: number, kind: 'reply' | 'reminder'): void {
  const { now, policy, effects } = draft;
  now.turnComing = false;
  if (now.phase === 'over') return;
  const previous = now.turn;
  // Only the newest counts; the same one twice is one.
  if (previous && id <= previous.id) return;
  now.greeted = true;
  if (previous?.state === 'replying') effects.push({ type: 'cancel-reply', turn: previous.id });
  dontWake(draft, 'reply');
  dontWake(draft, 'hold');
  now.turn = { id, kind, state: 'open', started: false };
  // The caller speaks on: the goodbye or the transfer did not come about.
  now.agentEnded = false;
  now.agentTransferred = false;
  if (now.phase !== 'open') {
    if (now.phase === 'latched') repeatHangUp(draft);
    return;
  }
  if (kind === 'reminder') {
    const { triggerMs } = now.reminders === 'guard' ? policy.silence : policy.ownReminders;
    if (now.timed) now.callMs += triggerMs;
    showSignals(draft, { type: 'reminder' });
    scoreEvidence(draft);
    if (now.asked) now.asked = { ...now.asked, reminders: now.asked.reminders + 1 };
  }
  keepEvidence(draft);
  answerTurn(draft, id, kind);
  shareReminders(draft);
}

/** How long an answer to a question is waited for before the reply that was asked for goes on. */
const ANSWER_MS = 2_500;

function answerTurn(draft: Draft, id: number, kind: 'reply' | 'reminder'): void {
  const { now, effects, policy } = draft;
  weigh(draft, kind === 'reply');
  // While the closing sentence waits for its answer, the turn does too: it is answered with whatever comes of it.
  if (now.phase !== 'open' || now.asked?.kind === 'closing') return;
  if (now.asked?.via === 'interrupt' && now.asked.parts.length === 0 && kind === 'reply' && now.asked.reminders === 0) {
    // The turn is about words from before the question that we cut in with: that one stands, and is waited for.
    now.asked = { ...now.asked, reminders: 1 };
    now.turn = { id, kind, state: 'held', started: false };
    wake(draft, 'hold', ANSWER_MS);
    return;
  }
  // A question that this turn did not take up is not asked for ever.
  if (now.asked && (kind === 'reply' || now.asked.reminders > 1)) {
    settle(draft, now.asked, 'unanswered', 'the caller had not heard it, or said nothing');
  }
  if (climb(draft, kind === 'reminder' ? 'silent' : 'turn')) return;
  if (now.phase !== 'open') return;
  if (!now.screened && now.scored['call-screening'] && policy.mode === 'enforce') {
    now.screened = true;
    now.turn = { id, kind, state: 'done', started: false };
    const text = policy.screeningAnswer === '' ? say(draft, 'screening') : policy.screeningAnswer;
    effects.push({ type: 'say', purpose: 'screening', turn: id, text, done: true, uninterruptible: false });
    return;
  }
  reply(draft, id, kind);
}

/** A turn that waited for the closing sentence to be answered is answered when it was. */
export function answerOpenTurn(draft: Draft): void {
  const { turn, phase, asked } = draft.now;
  if (turn?.state === 'open' && phase === 'open' && !asked) reply(draft, turn.id, turn.kind);
}

export function reply(draft: Draft, id: number, kind: 'reply' | 'reminder'): void {
  draft.now.turn = { id, kind, state: 'replying', started: false };
  draft.effects.push({ type: 'reply', turn: id, kind });
  if (draft.policy.fallbackMs !== null) wake(draft, 'reply', draft.policy.fallbackMs);
}
