import { scoreEvidence, showSignals } from './evidence.ts';
import { capOf } from './ladder.ts';
import { type CallState, callerTurn, callerWords, type Draft } from './state.ts';
import type { CallEvent } from './types.ts';
import { isInDoubt } from './wish.ts';

const SIGNAL = 'llm-classifier';
/** Fewer words say nothing about anybody. */
const FIRST_WORDS = 6;
/** New words before the same question is asked again. */
const MORE_WORDS = 12;
/** A caller who speaks on for this many words is asked about without a reply: tapes do not wait for one. */
const MONOLOGUE_WORDS = 25;

/**
 * Asks the LLM classifier about the call so far, once the first piece of a reply is out. Only where the answer can
 * still change what is done, one question at a time, and not again before the caller has said more.
 */
export function classify(draft: Draft): void {
  const { now, effects } = draft;
  if (!mayBeAsked(draft) || replyIsDue(now) || !hasSaidEnough(now) || !isAskable(draft)) return;
  const turn = callerTurn(now);
  now.classify = { asked: now.classify.asked + 1, atWords: callerWords(now), turn };
  effects.push({ type: 'classify', turn });
}

/** The same while the caller speaks on and on: there may never be a reply to ask beside. */
export function classifyMonologue(draft: Draft): void {
  const { now } = draft;
  if (callerWords(now) - now.wordsAtAgentLine >= MONOLOGUE_WORDS) classify(draft);
}

function mayBeAsked({ now, policy }: Draft): boolean {
  if (now.classify.asked >= policy.classifications || now.classify.turn !== null) return false;
  if (policy.mode === 'off' || policy.signalModes[SIGNAL] === 'off') return false;
  // Before the call is opened nobody knows whether its text may be passed on.
  return now.opened && !now.facts.noText && now.phase === 'open';
}

/** Nothing may delay a first word: a turn that is to be answered, or comes with what is being told, goes first. */
const replyIsDue = ({ turn, turnComing }: CallState): boolean =>
  turnComing || (turn !== null && turn.state !== 'done' && !turn.started);

function hasSaidEnough(now: CallState): boolean {
  const needed = now.classify.asked === 0 ? FIRST_WORDS : now.classify.atWords + MORE_WORDS;
  return callerWords(now) >= needed;
}

/** The sum leaves room for what models say, and something may come of it. */
function isAskable(draft: Draft): boolean {
  const { now, policy } = draft;
  if (!isInDoubt(now.verdict.points, policy.thresholds, policy.weights)) return false;
  if (now.rule?.name === 'protect' || now.mayNotHangUp || now.wouldHangUp) return false;
  return capOf(draft) !== 'continue';
}

/**
 * Takes the answer in, unless the caller has had another turn meanwhile: it is about an older call then. The ladder
 * climbs with the next words or turn, not now: the agent is speaking.
 */
export function onClassified(draft: Draft, event: Extract<CallEvent, { type: 'classified' }>): void {
  const { now, policy } = draft;
  if (now.classify.turn !== event.turn) return;
  now.classify = { ...now.classify, turn: null };
  const { result, answer, confidence } = event;
  // A limit stays met: there is no use in running into it turn by turn.
  if (result === 'limited') now.classify = { ...now.classify, asked: policy.classifications };
  if (result !== 'answered' || answer === undefined || confidence === undefined) return;
  if (callerTurn(now) !== event.turn) return;
  showSignals(draft, { type: 'classified', answer, confidence });
  scoreEvidence(draft);
}
