import type { Policy, Thresholds } from './policy.ts';
import type { Category, ProbeKind, Rung, ScoredEvidence } from './types.ts';
import type { Weights } from './weights.ts';

/**
 * What the ladder does about a sum and a category, apart from the state of a call: `ladder.ts` asks it live, and
 * rescoring asks it again under other numbers, so that both always agree.
 */

/** What else bears on a moment, as bits that do not depend on weights. */
export const AT = {
  /** Protected, reading something out, let through once, or the disk failed: no more than a probe. */
  probeAtMost: 1,
  /** A call that we placed, and the time to wait out its menus and queues is not over. */
  placed: 2,
  /** Left in peace after an answer. */
  calm: 4,
  /** In the middle of an utterance: only a closing sentence cuts in. */
  midway: 8,
  /** It was words that came, not a reminder of silence. */
  heard: 16,
  /** A probe was really failed: ground for a hang-up whatever was said. */
  failedProbe: 32,
} as const;

/** Bits that only ever keep the ladder from asking: what is not asked without them is not asked with them. */
export const RESTRAINTS = AT.calm | AT.midway | AT.heard;

const MOST_PROBES = 2;
/** Closings while the caller speaks, and over all: silence after a tape gets its own. */
const MOST_CLOSINGS = 3;
const MOST_CLOSINGS_IN_ALL = 6;
/** A second unclear answer to the closing sentence is enough only well above the threshold. */
const UNCLEAR_MARGIN = 7;

/** What is hung up on in a call that we placed. Anything else that sounds recorded is waited out, bounded by time. */
const HUNG_UP_OUTBOUND: readonly Category[] = [
  'voicemail',
  'silent',
  'bot_loop',
  'sales_pitch',
  'unrelated',
  'abusive',
];

type Actions = Policy['actions'];

function isWaitedOut(category: Category, actions: Actions): boolean {
  const action = actions[category];
  return action === 'go_on' || action === 'screening' || !HUNG_UP_OUTBOUND.includes(category);
}

/** The highest rung for callers who are not on the allow list. */
export function capBy(bits: number, category: Category | null, actions: Actions): Rung {
  if (bits & AT.probeAtMost) return 'probe';
  if (category === null) return 'hang_up';
  if (bits & AT.placed && isWaitedOut(category, actions)) return 'continue';
  return actions[category] === 'ignore' ? 'continue' : 'hang_up';
}

function probeKind(category: Category, probesAsked: number, actions: Actions): ProbeKind {
  const first = probesAsked === 0;
  if (actions[category] === 'scope' && first) return 'scope';
  if (category === 'silent') return 'there';
  // Doubt about how the caller takes turns, not about words: a request to wait costs a customer nothing.
  if (category === 'toll_fraud' && first) return 'hold';
  if (first || category === 'toll_fraud') return 'who';
  // Software says the same again whatever it is asked.
  return category === 'bot_loop' ? 'there' : 'again';
}

/** The moment that a wish is for. */
export interface Standing {
  readonly bits: number;
  readonly points: number;
  readonly category: Category | null;
  readonly probesAsked: number;
  readonly closingsAsked: number;
}

/** What is to be asked now when the guard enforces; null: nothing. */
export function wishOf(at: Standing, limits: Thresholds, actions: Actions): ProbeKind | 'closing' | null {
  const { bits, points, category, probesAsked, closingsAsked } = at;
  const mayClose = points >= limits.closing;
  if (!mayClose && points < limits.probe) return null;
  const cap = capBy(bits, category, actions);
  if (cap === 'continue') return null;
  const calm = (bits & AT.calm) !== 0;
  const midway = (bits & AT.midway) !== 0;
  if (mayClose && cap === 'hang_up') {
    if (calm || closingsAsked >= (bits & AT.heard ? MOST_CLOSINGS : MOST_CLOSINGS_IN_ALL)) return null;
    // What has to be said once to a person in the wrong place is said before any closing.
    if (category && actions[category] === 'scope' && probesAsked === 0) return midway ? null : 'scope';
    return 'closing';
  }
  if (points < limits.probe || probesAsked >= MOST_PROBES || calm || midway) return null;
  return probeKind(category ?? 'toll_fraud', probesAsked, actions);
}

/** Where the sum alone would be on the ladder: all that a call in shadow mode can tell. */
export const rungOf = (points: number, limits: Thresholds): 'continue' | 'probe' | 'closing' =>
  points >= limits.closing ? 'closing' : points >= limits.probe ? 'probe' : 'continue';

/** How the closing sentence was taken, where that can lead to a hang-up: failed, by silence, or unclear once more. */
export type ClosingTaken = 'failed' | 'silence' | 'unclear';

/** Points from which a hang-up follows. */
export const enoughFor = (taken: ClosingTaken, limits: Thresholds): number =>
  taken === 'unclear' ? limits.hangUp + UNCLEAR_MARGIN : limits.hangUp;

/** What a hang-up is called when nothing has a name. */
export const unnamed = (taken: ClosingTaken): Category => (taken === 'silence' ? 'silent' : 'toll_fraud');

/** Points of words, software or silence that make a hang-up thinkable without a question that was plainly not taken up. */
const GROUND = 6;
const GROUND_GROUPS: readonly string[] = ['content', 'machine', 'silence'];

/**
 * Small doubts about how somebody takes turns do not add up to a hang-up: either the words, the software or the
 * silence speak for themselves, or a question was really failed, not just answered unclearly.
 */
export function isGrounded(bits: number, evidence: readonly Pick<ScoredEvidence, 'group' | 'points' | 'shadow'>[]) {
  if (bits & AT.failedProbe) return true;
  const ground = evidence.filter((one) => !one.shadow && GROUND_GROUPS.includes(one.group));
  return ground.reduce((sum, one) => sum + Math.max(0, one.points), 0) >= GROUND;
}

/** The agent's own reminders are given back this far below the probe threshold, and taken again nearer to it. */
const GIVE_BACK = 8;
const TAKE_AGAIN = 4;

/** Whether the agent's own reminders may be given back at this sum. */
export const givesBack = (points: number, limits: Thresholds): boolean => points <= limits.probe - GIVE_BACK;

/** Whether the guard's reminders are needed again. */
export const takesAgain = (points: number, limits: Thresholds): boolean => points > limits.probe - TAKE_AGAIN;

/** Whether what models may say could lead to a question, and the sum is not enough without them. */
export function isInDoubt(points: number, limits: Thresholds, weights: Weights): boolean {
  const most = weights.groups[weights.signals['llm-classifier']?.group ?? '']?.max ?? 0;
  return points >= limits.probe - most && points < limits.hangUp;
}
