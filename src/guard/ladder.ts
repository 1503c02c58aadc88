import { ask, judge, settle } from './ask.ts';
import { decide } from './hang-up.ts';
import { READ_WORDS } from './signals/quoting.ts';
import { callerWords, type Draft, dontWake, moveRung, wake } from './state.ts';
import type { Category, ProbeKind, Rung } from './types.ts';

const MOST_PROBES = 2;
/** Closings while the caller speaks, and over all: silence after a tape gets its own. */
const MOST_CLOSINGS = 3;
const MOST_CLOSINGS_IN_ALL = 6;
/** A second unclear answer to the closing sentence is enough only well above the threshold. */
const UNCLEAR_MARGIN = 7;
/** A caller who speaks on for this many words without a turn is asked in between. */
const MONOLOGUE_WORDS = 15;
/** Somebody who is just speaking when time is up gets this much longer. */
const PROLONG_MS = 1_500;

/** What is hung up on in a call that we placed. Anything else that sounds recorded is waited out, bounded by time. */
const HUNG_UP_OUTBOUND: readonly Category[] = [
  'voicemail',
  'silent',
  'bot_loop',
  'sales_pitch',
  'unrelated',
  'abusive',
];

function isWaitedOut(draft: Draft): boolean {
  const { now, policy } = draft;
  if (now.facts.direction !== 'outbound' || now.callMs >= policy.goOnMs) return false;
  const { category } = now.verdict;
  if (category === null) return false;
  const action = policy.actions[category];
  return action === 'go_on' || action === 'screening' || !HUNG_UP_OUTBOUND.includes(category);
}

/** The highest rung that rules and circumstances allow. */
export function capOf(draft: Draft): Rung {
  const { now, policy } = draft;
  if (now.rule?.name === 'allow') return 'continue';
  // Somebody who reads a letter out goes on as if nobody had spoken, and is one of the last to be cut off.
  if (now.heard.reading.sinceReading <= READ_WORDS) return 'probe';
  if (now.mayNotHangUp || now.rule?.name === 'protect' || now.freePass) return 'probe';
  if (isWaitedOut(draft)) return 'continue';
  const category = now.verdict.category;
  if (category && policy.actions[category] === 'ignore') return 'continue';
  return 'hang_up';
}

function probeKind(draft: Draft): ProbeKind {
  const { now, policy } = draft;
  const category: Category = now.verdict.category ?? 'toll_fraud';
  const first = now.probesAsked === 0;
  if (policy.actions[category] === 'scope' && first) return 'scope';
  if (category === 'silent') return 'there';
  // Doubt about how the caller takes turns, not about words: a request to wait costs a customer nothing.
  if (category === 'toll_fraud' && first) return 'hold';
  if (first || category === 'toll_fraud') return 'who';
  // Software says the same again whatever it is asked.
  return category === 'bot_loop' ? 'there' : 'again';
}

const reasonOf = (draft: Draft): string => {
  const best = Object.values(draft.now.scored)
    .filter((one) => !one.shadow && one.points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, 3)
    .map((one) => one.reason);
  return best.length > 0 ? best.join('; ') : 'the sum of small doubts';
};

/** Points of words, software or silence that make a hang-up thinkable without a question that was plainly not taken up. */
const GROUND = 6;

/**
 * Small doubts about how somebody takes turns do not add up to a hang-up: either the words, the software or the
 * silence speak for themselves, or a question was really failed, not just answered unclearly.
 */
function isGrounded(draft: Draft): boolean {
  const scored = Object.values(draft.now.scored);
  if (scored.some((one) => one.signal === 'probe-answers' && (one.values?.failed ?? 0) > 0)) return true;
  const ground = scored.filter((one) => !one.shadow && ['content', 'machine', 'silence'].includes(one.group));
  return ground.reduce((sum, one) => sum + Math.max(0, one.points), 0) >= GROUND;
}

const mayHangUp = (draft: Draft): boolean => capOf(draft) === 'hang_up' && isGrounded(draft);

/** Rules that need no words: decided as soon as they are known. */
export function applyRule(draft: Draft): void {
  const { now } = draft;
  if (now.phase !== 'open') return;
  if (now.rule?.name === 'sanctioned') decide(draft, 'sanctioned_country', now.rule.reason);
  else if (now.rule?.name === 'block') decide(draft, 'blocked_number', now.rule.reason);
}

/**
 * Climbs where the sum allows it. `speaking`: the caller is in the middle of an utterance, no turn was requested;
 * `silent`: the platform reminds us of a caller who says nothing.
 * Returns true when the open turn, if any, has been taken.
 */
export function climb(draft: Draft, when: 'speaking' | 'turn' | 'silent'): boolean {
  const { now, policy } = draft;
  if (policy.mode === 'off' || now.phase !== 'open' || now.asked) return false;
  const cap = capOf(draft);
  if (cap === 'continue') return false;
  const { points, category } = now.verdict;
  const limits = policy.thresholds;
  if (policy.mode === 'shadow') {
    // What would be asked cannot be answered in shadow mode: the wish to close counts as the decision.
    const to: Rung = points >= limits.closing ? 'closing' : points >= limits.probe ? 'probe' : 'continue';
    moveRung(draft, to, `shadow: ${reasonOf(draft)}`);
    if (to === 'closing' && cap === 'hang_up') decide(draft, category ?? 'toll_fraud', reasonOf(draft));
    return false;
  }
  const silent = when === 'silent';
  const calm = callerWords(now) < now.calmUntilWords && !silent;
  const midway = when === 'speaking' && callerWords(now) - now.wordsAtAgentLine < MONOLOGUE_WORDS;
  if (points >= limits.closing && cap === 'hang_up') {
    if (calm || now.closingsAsked >= (silent ? MOST_CLOSINGS_IN_ALL : MOST_CLOSINGS)) return false;
    // What has to be said once to a person in the wrong place is said before any closing.
    if (category && policy.actions[category] === 'scope' && now.probesAsked === 0) {
      if (midway) return false;
      ask(draft, 'scope', reasonOf(draft));
    } else {
      ask(draft, 'closing', reasonOf(draft));
    }
    return true;
  }
  if (points >= limits.probe && now.probesAsked < MOST_PROBES && !calm) {
    if (midway) return false;
    ask(draft, probeKind(draft), reasonOf(draft));
    return true;
  }
  if (points < limits.probe) moveRung(draft, 'continue', 'doubt has gone');
  return false;
}

/** Judges what is out. Returns true when it is settled. */
export function weigh(draft: Draft, finished: boolean): boolean {
  const { now, policy } = draft;
  const asked = now.asked;
  if (!asked || now.phase !== 'open') return false;
  const { result, why } = judge(draft, finished);
  if (result === 'unanswered') return false;
  if (asked.kind === 'closing') dontWake(draft, 'closing');
  settle(draft, asked, result, why);
  if (asked.kind !== 'closing') return true;
  const enough =
    result === 'failed'
      ? policy.thresholds.hangUp
      : result === 'unclear' && now.closingsAsked > 1
        ? policy.thresholds.hangUp + UNCLEAR_MARGIN
        : Number.POSITIVE_INFINITY;
  if (mayHangUp(draft) && now.verdict.points >= enough) {
    decide(draft, now.verdict.category ?? 'toll_fraud', `${reasonOf(draft)}; the closing sentence was not answered`);
  } else {
    moveRung(draft, now.verdict.points >= policy.thresholds.probe ? 'probe' : 'continue', `closing taken back: ${why}`);
  }
  return true;
}

/** Time to answer the closing sentence is up. */
export function onClosingTimer(draft: Draft): void {
  const { now, policy } = draft;
  const asked = now.asked;
  if (asked?.kind !== 'closing' || now.phase !== 'open') return;
  if (asked.parts.length > 0 && !asked.prolonged && judge(draft, false).result === 'unanswered') {
    now.asked = { ...asked, prolonged: true };
    wake(draft, 'closing', PROLONG_MS);
    return;
  }
  if (weigh(draft, true)) return;
  // Nothing was said at all: that is an answer too.
  settle(draft, asked, 'failed', 'the closing sentence was met with silence');
  if (mayHangUp(draft) && now.verdict.points >= policy.thresholds.hangUp) {
    decide(draft, now.verdict.category ?? 'silent', `${reasonOf(draft)}; the closing sentence was not answered`);
  } else {
    moveRung(draft, 'probe', 'closing not answered, not enough for a hang-up');
  }
}
