import { agentSettings, type Config, lostCustomerCosts } from '../../config.ts';
import { DEFAULT_ACTIONS, thresholds } from '../../guard/policy.ts';
import { pointsOf, toPoints, type Weights } from '../../guard/weights.ts';
import { markOf } from '../../guard/weights-mark.ts';
import type { RescoreTo } from './rescore-to.ts';
import { headLine, readHead } from './trail-head.ts';

/** What is to be otherwise; whatever is not named stays as each call was recorded. */
export interface Otherwise {
  readonly weights: Weights;
  /** One lost customer costs as much as so many wasted calls. */
  readonly lostCustomerCosts?: number;
  /** Share of bad calls, between 0 and 1. */
  readonly prior?: number;
  /** Prior, price and actions of a configuration. */
  readonly config?: Config;
}

/** The numbers to rescore a call by. */
export interface Target {
  readonly to: RescoreTo;
  /** Recorded under other weights than those of `to`. */
  readonly otherWeights: boolean;
}

const MOST_KEPT = 1_000;

const priorPoints = (prior: number): number => toPoints(prior / (1 - prior));

/** Makes targets; calls under one policy share one. Null: the trail cannot be read. */
export function targetsFor(otherwise: Otherwise): (trail: string, agent: string) => Target | null {
  const kept = new Map<string, Target | null>();
  return (trail, agent) => {
    const key = `${headLine(trail)}\n${agent}`;
    let target = kept.get(key);
    if (target === undefined) {
      target = targetOf(otherwise, trail, agent);
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(key, target);
    }
    return target;
  };
}

function targetOf({ weights, config, ...named }: Otherwise, trail: string, agent: string): Target | null {
  const head = readHead(trail);
  if (head === null) return null;
  const closingIgnored = pointsOf(weights, 'probe-answers', 'closing-ignored');
  const costs = named.lostCustomerCosts ?? (config && lostCustomerCosts(config));
  const prior = named.prior ?? config?.prior;
  // The closing threshold follows from the weights too.
  const asRecorded = { ...head.thresholds, closing: head.thresholds.hangUp - closingIgnored };
  const to: RescoreTo = {
    weights,
    priorPoints: prior === undefined ? head.priorPoints : priorPoints(prior),
    thresholds: costs === undefined ? asRecorded : thresholds(costs, closingIgnored),
    actions: config ? { ...DEFAULT_ACTIONS, ...categoriesOf(config, agent) } : head.actions,
  };
  return { to, otherWeights: head.weights !== markOf(weights) };
}

/** Of an agent that the configuration does not know, what holds for all. */
const categoriesOf = (config: Config, agent: string) => agentSettings(config, agent)?.categories ?? config.categories;
