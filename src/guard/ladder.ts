import { ask, judge, settle } from './ask.ts';
import { decide } from './hang-up.ts';
import { READ_WORDS } from './signals/quoting.ts';
import { callerWords, type Draft, dontWake, moveRung, wake } from './state.ts';
import { trailClimb, trailRule, trailWeighed } from './trail.ts';
import type { Category, Rung } from './types.ts';
import { AT, type ClosingTaken, capBy, enoughFor, isGrounded, rungOf, unnamed, wishOf } from './wish.ts';

/** A caller who speaks on for this many words without a turn is asked in between. */
const MONOLOGUE_WORDS = 15;
/** Somebody who is just speaking when time is up gets this much longer. */
const PROLONG_MS = 1_500;

/** What bears on the ladder besides the sum and the category. */
function bitsOf({ now, policy }: Draft): number {
  // Somebody who reads a letter out goes on as if nobody had spoken, and is one of the last to be cut off.
  const reads = now.heard.reading.sinceReading <= READ_WORDS;
  const ruled = now.rule?.name === 'protect' || now.rule?.name === 'allow';
  const spared = reads || now.mayNotHangUp || ruled || now.freePass;
  const placed = now.facts.direction === 'outbound' && now.callMs < policy.goOnMs;
  return (spared ? AT.probeAtMost : 0) | (placed ? AT.placed : 0);
}

/** The highest rung that rules and circumstances allow. */
export function capOf(draft: Draft): Rung {
  const { now, policy } = draft;
  return now.rule?.name === 'allow' ? 'continue' : capBy(bitsOf(draft), now.verdict.category, policy.actions);
}

const reasonOf = (draft: Draft): string => {
  const best = Object.values(draft.now.scored)
    .filter((one) => !one.shadow && one.points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, 3)
    .map((one) => one.reason);
  return best.length > 0 ? best.join('; ') : 'the sum of small doubts';
};

/** Rules that need no words: decided as soon as they are known. */
export function applyRule(draft: Draft): void {
  const { now } = draft;
  if (now.phase !== 'open') return;
  const { rule } = now;
  if (rule?.name !== 'sanctioned' && rule?.name !== 'block') return;
  const category: Category = rule.name === 'block' ? 'blocked_number' : 'sanctioned_country';
  trailRule(draft, category);
  decide(draft, category, rule.reason);
}

/**
 * Climbs where the sum allows it. `speaking`: the caller is in the middle of an utterance, no turn was requested;
 * `silent`: the platform reminds us of a caller who says nothing.
 * Returns true when the open turn, if any, has been taken.
 */
export function climb(draft: Draft, when: 'speaking' | 'turn' | 'silent'): boolean {
  const { now, policy } = draft;
  if (policy.mode === 'off' || now.phase !== 'open' || now.asked || now.rule?.name === 'allow') return false;
  const bits = bitsOf(draft);
  const { points, category } = now.verdict;
  const limits = policy.thresholds;
  const cap = capBy(bits, category, policy.actions);
  if (policy.mode === 'shadow') {
    // What would be asked cannot be answered in shadow mode: the wish to close counts as the decision.
    const to = rungOf(points, limits);
    const decides = to === 'closing' && cap === 'hang_up';
    trailClimb(draft, bits, decides ? to : null);
    if (cap === 'continue') return false;
    moveRung(draft, to, `shadow: ${reasonOf(draft)}`);
    if (decides) decide(draft, category ?? 'toll_fraud', reasonOf(draft));
    return false;
  }
  const silent = when === 'silent';
  const calm = callerWords(now) < now.calmUntilWords && !silent;
  const midway = when === 'speaking' && callerWords(now) - now.wordsAtAgentLine < MONOLOGUE_WORDS;
  const at = bits | (calm ? AT.calm : 0) | (midway ? AT.midway : 0) | (silent ? 0 : AT.heard);
  const { probesAsked, closingsAsked } = now;
  const wish = wishOf({ bits: at, points, category, probesAsked, closingsAsked }, limits, policy.actions);
  trailClimb(draft, at, wish);
  if (wish !== null) {
    ask(draft, wish, reasonOf(draft));
    return true;
  }
  const wantsToClose = points >= limits.closing && cap === 'hang_up';
  if (cap !== 'continue' && !wantsToClose && points < limits.probe) moveRung(draft, 'continue', 'doubt has gone');
  return false;
}

/** Hangs up when that follows from how the closing sentence was taken. */
function closes(draft: Draft, taken: ClosingTaken): boolean {
  const { now, policy } = draft;
  const evidence = Object.values(now.scored);
  const failed = evidence.some((one) => one.signal === 'probe-answers' && (one.values?.failed ?? 0) > 0);
  const bits = bitsOf(draft) | (failed ? AT.failedProbe : 0);
  const { points, category } = now.verdict;
  const mayHangUp =
    capBy(bits, category, policy.actions) === 'hang_up' &&
    isGrounded(bits, evidence) &&
    points >= enoughFor(taken, policy.thresholds);
  trailWeighed(draft, bits, taken, mayHangUp);
  if (mayHangUp) decide(draft, category ?? unnamed(taken), `${reasonOf(draft)}; the closing sentence was not answered`);
  return mayHangUp;
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
  const taken = result === 'failed' || (result === 'unclear' && now.closingsAsked > 1) ? result : null;
  if (taken === null || !closes(draft, taken)) {
    moveRung(draft, now.verdict.points >= policy.thresholds.probe ? 'probe' : 'continue', `closing taken back: ${why}`);
  }
  return true;
}

/** Time to answer the closing sentence is up. */
export function onClosingTimer(draft: Draft): void {
  const { now } = draft;
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
  if (!closes(draft, 'silence')) moveRung(draft, 'probe', 'closing not answered, not enough for a hang-up');
}
