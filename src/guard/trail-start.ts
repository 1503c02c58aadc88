import { ACTIONS, type Action, type Policy, type Thresholds } from './policy.ts';
import { CATEGORIES } from './types.ts';
import { markOf } from './weights-mark.ts';
import { isInDoubt } from './wish.ts';

/**
 * The trail of a call: what the ladder saw whenever it looked, so that rescoring can tell under other numbers whether
 * the call would have gone the same way. Text, a line a moment, fields between blanks, nothing that the caller said:
 *
 *     1 <mode> <prior> <probe> <closing> <hang-up> <actions> <weights> <flags>
 *         the first line, format 1: mode as its first letter, points, a letter an action in the order of CATEGORIES,
 *         a mark of the weights; flags: `-`, `c` there is a classifier, `d` it may be asked before there is any
 *         evidence, `l` the agent's own reminders do not come before the guard's
 *     e <ms> <turn> <points> <category> <d> <signal>=<level>[/<category>[/s]]...
 *         the scored evidence changed to this; `=-` it is gone, `s` in shadow mode; `d`: the sum is where the
 *         classifier may be asked, else `-`
 *     c <ms> <turn> <bits> <asked>     the ladder was looked at: bits of `AT`, and what it asked, or `-`;
 *                                      in shadow mode `closing` is the decision
 *     w <ms> <turn> <bits> <taken> <h> how the closing sentence was taken; `h`: hung up, else `-`
 *     k <g|o|w> <y> <r>                whose reminders: the guard's, the agent's own, or the guard's for now whatever
 *                                      the sum; `y`: they may change hands now; `r`: this is a reminder
 *     s                                a silence, while the agent's own reminders were set, in which the guard's might
 *                                      have come
 *     b <ms> <turn> <category>         a rule above the sum decided
 *     t                                the decision was taken over from elsewhere
 *     r                                the last line: the call was resumed, so there may be an earlier part elsewhere
 *     !                                the last line but `r`: the trail was full
 *
 * A moment that could not have gone otherwise than the one before it, whatever the numbers, is left out.
 */
export interface Trail {
  readonly text: string;
  /** Bits of the last `c` line while no evidence has changed since; else -1. */
  readonly climbed: number;
  /** Likewise of the last `k` line. */
  readonly kept: number;
  readonly full: boolean;
}

export const TRAIL_VERSION = '1';

const ACTION_LETTERS: Readonly<Record<Action, string>> = {
  hang_up: 'h',
  scope: 's',
  message: 'm',
  screening: 'c',
  go_on: 'g',
  ignore: 'i',
};

export const actionOf = (letter: string): Action | undefined => ACTIONS.find((one) => ACTION_LETTERS[one] === letter);

/** The numbers that a call was judged by. */
export interface TrailPolicy {
  readonly priorPoints: number;
  readonly thresholds: Thresholds;
}

const heads = new WeakMap<Policy, Trail>();

/** The first line, the same for all calls under a policy. */
export function startTrail(policy: Policy): Trail {
  let head = heads.get(policy);
  if (!head) {
    const { mode, priorPoints, thresholds, actions, weights } = policy;
    const classifier = policy.classifications > 0;
    const flags = [
      classifier ? 'c' : '',
      classifier && isInDoubt(priorPoints, thresholds, weights) ? 'd' : '',
      policy.ownReminders.triggerMs >= policy.silence.triggerMs ? 'l' : '',
    ].join('');
    const fields = [
      ...[TRAIL_VERSION, mode[0], priorPoints, thresholds.probe, thresholds.closing, thresholds.hangUp],
      ...[CATEGORIES.map((one) => ACTION_LETTERS[actions[one]]).join(''), markOf(weights), flags || '-'],
    ];
    head = { text: fields.join(' '), climbed: -1, kept: -1, full: false };
    heads.set(policy, head);
  }
  return head;
}

/** The numbers in the first line. */
export function policyOfTrail({ text }: Trail): TrailPolicy {
  const [, , priorPoints = 0, probe = 0, closing = 0, hangUp = 0] = text.slice(0, 200).split(' ', 6).map(Number);
  return { priorPoints, thresholds: { probe, closing, hangUp } };
}
