import type { Action, Policy, Thresholds } from '../../guard/policy.ts';
import { actionOf, TRAIL_VERSION } from '../../guard/trail-start.ts';
import { CATEGORIES, type Category, type Mode } from '../../guard/types.ts';

/** The first line of a trail: what the call was judged by. See `guard/trail.ts`. */
export interface TrailHead {
  readonly mode: Mode;
  readonly priorPoints: number;
  readonly thresholds: Thresholds;
  readonly actions: Policy['actions'];
  /** `markOf` the weights. */
  readonly weights: string;
  /** The LLM classifier may have been asked. */
  readonly classifier: boolean;
  /** It may have been asked before there was any evidence. */
  readonly inDoubt: boolean;
  /** The agent's own reminders do not come earlier than the guard's. */
  readonly ownRemindersLater: boolean;
}

const MODES: Readonly<Record<string, Mode>> = { e: 'enforce', s: 'shadow', o: 'off' };
/** Calls under one policy have one head: it is read once. */
const MOST_KEPT = 1_000;
const kept = new Map<string, TrailHead | null>();

export const headLine = (trail: string): string => {
  const end = trail.indexOf('\n');
  return end < 0 ? trail : trail.slice(0, end);
};

/** Reads the head of a trail; null when it is damaged or of a format that this version does not know. */
export function readHead(trail: string): TrailHead | null {
  const line = headLine(trail);
  let head = kept.get(line);
  if (head === undefined) {
    head = parse(line);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(line, head);
  }
  return head;
}

function parse(line: string): TrailHead | null {
  const [version, letter = '', ...fields] = line.split(' ');
  const [priorPoints = NaN, probe = NaN, closing = NaN, hangUp = NaN] = fields.slice(0, 4).map(Number);
  const [letters = '', weights = '', flags = ''] = fields.slice(4);
  const mode = MODES[letter];
  const actions = [...letters].map(actionOf);
  if (version !== TRAIL_VERSION || mode === undefined || fields.length !== 7) return null;
  if (![priorPoints, probe, closing, hangUp].every(Number.isFinite)) return null;
  if (actions.length !== CATEGORIES.length || actions.includes(undefined)) return null;
  return {
    mode,
    priorPoints,
    thresholds: { probe, closing, hangUp },
    actions: Object.fromEntries(CATEGORIES.map((one, i) => [one, actions[i]])) as Record<Category, Action>,
    weights,
    classifier: flags.includes('c'),
    inDoubt: flags.includes('d'),
    ownRemindersLater: flags.includes('l'),
  };
}
