import type { Category, Decision } from '../../guard/types.ts';
import { markOf } from '../../guard/weights-mark.ts';
import type { Ending } from './ending.ts';
import type { RescoreTo } from './rescore-to.ts';
import { readHead, type TrailHead } from './trail-head.ts';
import { Walk } from './walk.ts';

/** What rescoring needs of a recorded call. */
export interface Rescorable {
  readonly decision: Decision;
  readonly category: Category | null;
  /** Absent in records of older versions. */
  readonly trail: string | null;
}

/**
 * `same`: the same decision as the same category (an undecided call's category is not looked at); `spared`: the
 * recorded hang-up would not have come where it came, whatever may have come later; `hung_up`: it would have come
 * where none was; `category`: hung up on as something else; `unknown`: something would have been asked, or left
 * unasked, and nobody knows what the caller would have answered.
 */
export type RescoreResult = 'same' | 'spared' | 'hung_up' | 'category' | 'unknown';

export interface Rescored {
  readonly result: RescoreResult;
  /** One sentence; empty when it is the same at the same moment. */
  readonly why: string;
  /** Caller turn and call time at which it would have gone otherwise; of `same`, at which it is decided; null: not known. */
  readonly turn: number | null;
  readonly callMs: number | null;
  /** Of the decision under the new numbers; null: none, or not known. */
  readonly category: Category | null;
}

const NOT_SEEN = { turn: null, callMs: null, category: null } as const;

/**
 * Judges a recorded call under other numbers by walking its trail: pure, and fast enough for a hundred thousand calls.
 * What it calls certain is what playing the same call under those numbers gives, up to the moment named. Never throws
 * for any trail.
 */
export function rescore(call: Rescorable, to: RescoreTo): Rescored {
  const { trail } = call;
  if (trail === null) {
    return { result: 'unknown', why: 'the record is of an older version and has no trail', ...NOT_SEEN };
  }
  const head = readHead(trail);
  if (head === null) {
    return { result: 'unknown', why: 'the trail is damaged or of another version', ...NOT_SEEN };
  }
  if (head.mode === 'off') return { result: 'same', why: '', ...NOT_SEEN };
  const ending = new Walk(head, to, trail).walk(call.decision);
  return judged(call, ending, () => isAsRecorded(head, to));
}

/** Nothing at all differs, so that what the trail does not show is the same too. */
const isAsRecorded = (head: TrailHead, to: RescoreTo): boolean =>
  head.weights === markOf(to.weights) &&
  head.priorPoints === to.priorPoints &&
  (['probe', 'closing', 'hangUp'] as const).every((name) => head.thresholds[name] === to.thresholds[name]) &&
  (Object.keys(head.actions) as Category[]).every((one) => head.actions[one] === to.actions[one]);

function judged(call: Rescorable, ending: Ending, isSame: () => boolean): Rescored {
  const { turn, callMs, category, why } = ending;
  const at = { turn, callMs };
  const wasDecided = call.decision !== 'none';
  const recorded: Rescored = { result: 'same', why: '', ...at, category: wasDecided ? call.category : null };
  switch (ending.type) {
    case 'unseen':
      return isSame() ? { ...recorded, turn: null, callMs: null } : { result: 'unknown', why, ...at, category: null };
    case 'unknown':
      return { result: 'unknown', why, ...at, category: null };
    case 'decided':
      if (!wasDecided) return { result: 'hung_up', why, ...at, category };
      if (category === call.category) return { ...recorded, why };
      return { result: 'category', why: `as ${category}, not as ${call.category}: ${why}`, ...at, category };
    case 'spared':
      return { result: 'spared', why, ...at, category: null };
    case 'undecided':
      return recorded;
  }
}
