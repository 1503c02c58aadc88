import { hearAnswer, settle } from './ask.ts';
import { classify, classifyMonologue, onClassified } from './classify.ts';
import { copyState } from './copy-state.ts';
import { keepEvidence, scoreEvidence, showSignals } from './evidence.ts';
import { attempt, onRecorded, onUnconfirmed, takeOver } from './hang-up.ts';
import { cutTranscript, hear } from './heard.ts';
import { applyRule, climb, onClosingTimer, weigh } from './ladder.ts';
import { languageOf } from './language.ts';
import type { Policy } from './policy.ts';
import { takeReminders } from './reminders.ts';
import { higher, ruleOfFacts } from './rules.ts';
import { hasFreePass } from './signals/number-history.ts';
import { protectionOf } from './signals/protect.ts';
import { type CallState, callerWords, type Draft, dontWake, fault, say, TRANSCRIPT_SIGNALS, wake } from './state.ts';
import { answerOpenTurn, onTurn, reply } from './turns.ts';
import type { CallEvent, CallFacts, Effect } from './types.ts';
import { lineOf } from './utterance.ts';

export interface Stepped {
  readonly state: CallState;
  readonly effects: readonly Effect[];
}

/** The pure core: what an event makes of a call, and what is to be done about it. Never throws for any event. */
export type Step = (state: CallState, event: CallEvent) => Stepped;

type Handlers = { readonly [K in CallEvent['type']]: (draft: Draft, event: Extract<CallEvent, { type: K }>) => void };

const handlers: Handlers = {
  'call-opened': (draft, { facts }) => onOpened(draft, facts),
  resumed: (draft, { resumed }) => {
    draft.now.resumed = true;
    draft.now.greeted ||= resumed.greeted;
    // A guard that was told not to act since then does not act on an old decision either.
    if (!resumed.latch || draft.policy.mode !== 'enforce') return;
    // It may have been decided anew before the store could say that it was.
    if (draft.now.phase === 'open') {
      takeOver(draft, resumed.latch);
      attempt(draft, 1);
    }
    // Closed, and here again: frames alone do not end this call.
    if (draft.now.phase === 'latched' && resumed.ended && draft.policy.canStop) attempt(draft, 4);
  },
  'looked-up': (draft, { history, now: epoch }) => {
    const { now } = draft;
    now.history = history;
    now.freePass = hasFreePass(history, epoch) && now.rule?.name !== 'block';
    showSignals(draft, { type: 'history', history, now: epoch });
    scoreEvidence(draft);
    dontWake(draft, 'look-up');
    greet(draft);
  },
  'caller-said': onSaid,
  'agent-said': onSaid,
  'transcript-cut': (draft, { length }) => {
    draft.now.heard = cutTranscript(TRANSCRIPT_SIGNALS, draft.now.heard, length);
    scoreEvidence(draft);
  },
  'turn-coming': ({ now }) => {
    now.turnComing = true;
  },
  'turn-requested': (draft, { turn, kind }) => onTurn(draft, turn, kind),
  'digit-pressed': (draft, { ordinal }) => {
    const { now } = draft;
    if (ordinal < now.digits) return;
    now.digits = ordinal + 1;
    if (now.asked) now.asked = { ...now.asked, digit: true };
    showSignals(draft, { type: 'digit' });
    scoreEvidence(draft);
    weigh(draft, false);
  },
  transferred: ({ now }) => {
    now.transferred = true;
  },
  'reply-started': (draft, { turn }) => {
    const { now } = draft;
    if (now.turn?.id !== turn || now.turn.state !== 'replying') return;
    now.turn = { ...now.turn, started: true };
    dontWake(draft, 'reply');
    classify(draft);
  },
  replied: (draft, { turn, result, ended, transferred, error }) => {
    const { now, effects } = draft;
    if (error) fault(draft, `reply: ${error}`);
    if (ended) now.agentEnded = true;
    if (transferred) now.agentTransferred = true;
    if (now.turn?.id !== turn || now.turn.state !== 'replying') return;
    const { started } = now.turn;
    dontWake(draft, 'reply');
    now.turn = { ...now.turn, state: 'done' };
    if (result === 'completed') return;
    // An open response would mute the agent: it is completed whatever happened.
    // What broke off in the middle of a sentence is followed by the fallback too; a cancelled one is not.
    const text = started ? (result === 'cancelled' ? '' : ` ${say(draft, 'fallback')}`) : say(draft, 'fallback');
    effects.push({ type: 'say', purpose: 'fallback', turn, text, done: true, uninterruptible: false });
  },
  classified: (draft, event) => onClassified(draft, event),
  'model-reported': (draft, { category, confidence, quoted, span }) => {
    showSignals(draft, { type: 'reported', category, confidence, quoted, ...(span ? { span } : {}) });
    scoreEvidence(draft);
  },
  woke: (draft, { timer, token }) => {
    if (draft.now.tokens[timer] === token) onWoke(draft, timer);
  },
  recorded: (draft, { ok }) => {
    onRecorded(draft, ok);
    // The decision could not be kept: the caller is served, with what was left unsaid while it was written.
    greet(draft);
  },
  sent: ({ now }) => {
    now.sent = true;
  },
  stopped: (draft, { ok }) => {
    if (ok) draft.now.confirmed = true;
    else fault(draft, 'the platform refused to stop the call');
  },
  failed: (draft, { what }) => fault(draft, what),
  'socket-closed': (draft, { how }) => {
    const { now, policy } = draft;
    if (now.phase === 'over') return;
    if (how === 'platform') {
      if (now.phase === 'latched' && now.sent) now.confirmed = true;
      finish(draft);
      return;
    }
    // The platform dials again after an abnormal drop; a latched call is stopped by other means meanwhile.
    if (now.phase === 'latched' && policy.canStop && now.attempt < 4) attempt(draft, 4);
    else if (now.phase === 'latched') dontWake(draft, 'hang-up');
    wake(draft, 'gone', policy.reconnectMs);
  },
  'socket-back': (draft) => {
    const { now } = draft;
    now.reconnects++;
    dontWake(draft, 'gone');
    // Whatever was being said is lost; the platform asks again.
    if (now.turn?.state === 'replying') draft.effects.push({ type: 'cancel-reply', turn: now.turn.id });
    now.turn = null;
    now.reminders = 'own';
    if (now.phase === 'latched') attempt(draft, 1);
    else takeReminders(draft);
  },
  'call-closed': (draft, { why }) => {
    if (draft.now.phase === 'over') return;
    if (why === 'drained') draft.now.phase = 'over';
    else finish(draft);
  },
};

function onOpened(draft: Draft, facts: CallFacts | null): void {
  const { now, policy, effects } = draft;
  const again = now.opened;
  now.opened = true;
  if (facts) {
    now.facts = facts;
    now.rule = higher(now.rule, policy.mode === 'off' ? null : ruleOfFacts(facts, policy));
    showSignals(draft, { type: 'opened', facts });
    scoreEvidence(draft);
  }
  if (now.phase !== 'open') return;
  if (facts) applyRule(draft);
  if (!again) takeReminders(draft);
  if (draft.now.phase !== 'open') return;
  if (facts?.callerNumber) {
    effects.push({ type: 'look-up', number: facts.callerNumber });
    if (!now.greeted) wake(draft, 'look-up', policy.lookUpMs);
  } else if (!again) {
    greet(draft);
  }
}

/** Says the first words, once a call, whoever serves it. */
function greet(draft: Draft): void {
  const { now, policy, effects } = draft;
  if (now.greeted || now.phase !== 'open') return;
  now.greeted = true;
  effects.push({
    type: 'say',
    purpose: 'greeting',
    turn: 0,
    text: policy.greeting,
    done: true,
    uninterruptible: false,
  });
}

function onSaid(draft: Draft, event: Extract<CallEvent, { type: 'caller-said' | 'agent-said' }>): void {
  const { now, policy } = draft;
  const role = event.type === 'caller-said' ? 'caller' : 'agent';
  const last = event.words.at(-1);
  if (last) {
    now.timed = true;
    now.callMs = Math.max(now.callMs, last.endMs);
  }
  // Somebody has spoken before we did: the call was taken up again.
  now.greeted = true;
  const view = { facts: now.facts, language: now.language };
  const line = lineOf(role, event.index, event.text, event.words);
  const { heard, said } = hear(TRANSCRIPT_SIGNALS, now.heard, line, view);
  if (!said) {
    fault(draft, 'the transcript was corrected further back than is kept');
    return;
  }
  now.heard = heard;
  if (role === 'agent') now.wordsAtAgentLine = callerWords(now);
  else {
    now.language = languageOf(heard.reading.votes, policy.language);
    const protection = now.rule?.name === 'sanctioned' || policy.mode === 'off' ? null : protectionOf(said);
    // Somebody on the allow list is not even asked, whatever they say.
    if (protection && now.rule?.name !== 'allow')
      now.rule = higher(now.rule, { name: 'protect', reason: protection.reason });
  }
  showSignals(draft, { type: 'said', said });
  scoreEvidence(draft, said.stable > 0 ? 'growing' : 'now');
  if (now.phase !== 'open') return;
  hearAnswer(draft, said, event.words);
  if (role === 'caller' && !now.turnComing && !weigh(draft, false) && !climb(draft, 'speaking'))
    classifyMonologue(draft);
}

function onWoke(draft: Draft, timer: string): void {
  const { now, effects } = draft;
  if (now.phase === 'over') return;
  switch (timer) {
    case 'look-up':
      fault(draft, 'the look-up of the number took too long');
      greet(draft);
      break;
    case 'reply': {
      const turn = now.turn;
      if (turn?.state !== 'replying' || turn.started) break;
      fault(draft, 'no reply in time: the fallback sentence was said');
      effects.push({ type: 'cancel-reply', turn: turn.id });
      effects.push({
        type: 'say',
        purpose: 'fallback',
        turn: turn.id,
        text: say(draft, 'fallback'),
        done: true,
        uninterruptible: false,
      });
      now.turn = { ...turn, state: 'done' };
      break;
    }
    case 'hold': {
      const turn = now.turn;
      if (turn?.state !== 'held') break;
      // While a decision is written nothing more is said; if it cannot be, the turn is answered then.
      if (now.phase !== 'open') {
        now.turn = { ...turn, state: 'open' };
        break;
      }
      if (now.asked?.kind === 'hold') settle(draft, now.asked, 'unanswered', 'waited in silence');
      reply(draft, turn.id, turn.kind);
      break;
    }
    case 'closing':
      onClosingTimer(draft);
      break;
    case 'hang-up':
      onUnconfirmed(draft);
      break;
    case 'gone':
      finish(draft);
      break;
  }
}

function finish(draft: Draft): void {
  const { now, effects } = draft;
  keepEvidence(draft);
  if (now.turn?.state === 'replying') effects.push({ type: 'cancel-reply', turn: now.turn.id });
  const lost = now.phase === 'deciding';
  now.outcome =
    now.phase === 'latched' && now.sent
      ? 'hung_up'
      : now.transferred || now.agentTransferred
        ? 'transferred'
        : now.agentEnded
          ? 'completed'
          : lost
            ? 'failed'
            : 'caller_left';
  now.phase = 'over';
  effects.push({ type: 'finish', outcome: now.outcome });
}

/** The step function of calls under one policy. */
export function createStep(policy: Policy): Step {
  return (state, event) => {
    const draft: Draft = { policy, now: copyState(state), effects: [] };
    const { now } = draft;
    now.atMs = Math.max(now.atMs, event.at);
    if (!now.timed) now.callMs = Math.max(now.callMs, now.atMs);
    const handle = handlers[event.type] as ((draft: Draft, event: CallEvent) => void) | undefined;
    handle?.(draft, event);
    answerOpenTurn(draft);
    return { state: now, effects: draft.effects };
  };
}
