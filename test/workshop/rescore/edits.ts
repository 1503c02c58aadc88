import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentSettings, type Config, parseConfig } from '../../../src/config.ts';
import { ACTIONS, type Action, DEFAULT_ACTIONS } from '../../../src/guard/policy.ts';
import { CATEGORIES, type Category } from '../../../src/guard/types.ts';
import type { Weights } from '../../../src/guard/weights.ts';
import { loadPrompts } from '../../../src/prompts.ts';
import type { CallRecord } from '../../../src/records/record.ts';
import { policyOf } from '../../../src/server/policy-of.ts';
import { loadWeights } from '../../../src/weights-file.ts';
import { seededRng } from '../../../src/workshop/player/rng.ts';
import { type Rescored, rescore } from '../../../src/workshop/rescore/rescore.ts';
import type { RescoreTo } from '../../../src/workshop/rescore/rescore-to.ts';

const prompts = loadPrompts();
const { weights: own } = loadWeights();

/** A configuration to play under, and the same as numbers to rescore by. */
export interface Edit {
  readonly what: string;
  readonly config: Config;
  readonly to: RescoreTo;
}

export const ENFORCING = 'mode: enforce\n';

export function toOf(config: Config): RescoreTo {
  const { weights } = loadWeights(config.weights_file);
  const policy = policyOf(config, 'default', { weights, prompts, now: 0, canStop: false });
  if (!agentSettings(config, 'default')) throw new Error('no agent');
  const { priorPoints, thresholds, actions } = policy;
  return { weights, priorPoints, thresholds, actions };
}

interface Changed {
  readonly what: string;
  readonly weights: Weights;
  readonly lostCustomerCosts?: number;
  readonly prior?: number;
  readonly actions: Readonly<Partial<Record<Category, Action>>>;
}

const KINDS = ['points', 'points', 'closing', 'unclear', 'names', 'cap', 'costs', 'costs', 'prior', 'action'] as const;
type Kind = (typeof KINDS)[number];

/** A random edit of weights, caps, thresholds, prior or actions. */
export function randomChange(seed: string, kinds: readonly Kind[] = KINDS): Changed {
  const rng = seededRng(`edit/${seed}`);
  const weights = structuredClone(own);
  const changed: { lostCustomerCosts?: number; prior?: number } = {};
  const actions: Partial<Record<Category, Action>> = {};
  const what: string[] = [];
  const count = rng.pick([1, 1, 2, 3]);
  for (let n = 0; n < count; n++) {
    const kind = rng.pick(kinds);
    if (kind === 'points') {
      const [name, signal] = rng.pick(Object.entries(weights.signals));
      const level = rng.pick(Object.keys(signal.points));
      const points = (signal.points[level] ?? 0) + rng.pick([-8, -4, -2, -1, 1, 2, 2.3, 4, 8]);
      signal.points[level] = points;
      what.push(`${name} ${level}: ${points}`);
    } else if (kind === 'closing') {
      // What decides at the end, without moving the closing threshold.
      const by = rng.pick([-9, -6, -3, 3, 6, 9]);
      const answers = weights.signals['probe-answers']?.points ?? {};
      for (const level of Object.keys(answers)) {
        if (level.includes('closing-ignored') && level !== 'closing-ignored')
          answers[level] = (answers[level] ?? 0) + by;
      }
      what.push(`ignored closings: ${by}`);
    } else if (kind === 'unclear') {
      const answers = weights.signals['probe-answers']?.points ?? {};
      answers['unclear-twice'] = rng.pick([-5, 12, 16, 20, 22]);
      what.push(`unclear twice: ${answers['unclear-twice']}`);
    } else if (kind === 'names') {
      const name = rng.pick(['robocall-wording', 'keypad-menu', 'sales-pitch', 'voicemail-greeting', 'bot-loop']);
      const signal = weights.signals[name];
      for (const level of Object.keys(signal?.points ?? {})) if (signal) signal.points[level] = 0.5;
      what.push(`${name}: nearly nothing`);
    } else if (kind === 'cap') {
      const [name, group] = rng.pick(Object.entries(weights.groups));
      group.max = Math.max(0, group.max + rng.pick([-8, -4, 4, 8]));
      what.push(`${name} max: ${group.max}`);
    } else if (kind === 'costs') {
      changed.lostCustomerCosts = rng.pick([30, 60, 80, 95, 105, 120, 150, 200, 400, 1_000]);
      what.push(`lost customer: ${changed.lostCustomerCosts}`);
    } else if (kind === 'prior') {
      changed.prior = rng.pick([0.05, 0.08, 0.12, 0.2, 0.4]);
      what.push(`prior: ${changed.prior}`);
    } else {
      const category = rng.pick(CATEGORIES);
      const action = rng.pick(ACTIONS);
      actions[category] = action;
      what.push(`${category}: ${DEFAULT_ACTIONS[category]} to ${action}`);
    }
  }
  return { what: what.join(', '), weights, ...changed, actions };
}

/** The edit as a configuration; its weights file goes into `directory`. */
export function randomEdit(seed: string, directory: string, text = ENFORCING): Edit {
  const { what, weights, lostCustomerCosts, prior, actions } = randomChange(seed);
  const weights_file = join(directory, `weights-${seed}.json`);
  writeFileSync(weights_file, JSON.stringify(weights));
  const config: Config = {
    ...parseConfig(text, 'edited'),
    weights_file,
    categories: actions,
    ...(lostCustomerCosts === undefined ? {} : { lost_customer_costs: lostCustomerCosts }),
    ...(prior === undefined ? {} : { prior }),
  };
  return { what, config, to: toOf(config) };
}

/** What is looked at of a call. */
type Judged = Pick<CallRecord, 'decision' | 'category' | 'decidedTurn' | 'decidedCallMs' | 'trail'>;

/** What rescoring says of a recorded call that playing it under the same numbers shows to be wrong; null: nothing. */
export function refuted(recorded: Judged, to: RescoreTo, played: Judged): { said: Rescored; wrong: string | null } {
  const said = rescore({ ...recorded, trail: recorded.trail ?? null }, to);
  return { said, wrong: wrongIn(said, recorded, played) };
}

function wrongIn(said: Rescored, recorded: Judged, played: Judged): string | null {
  const came = `${played.decision} ${played.category} at ${played.decidedCallMs}`;
  const decided = played.decision !== 'none';
  switch (said.result) {
    case 'unknown':
      return null;
    case 'spared':
      if (recorded.decision === 'would_hang_up') return decided ? came : null;
      return closings(played)[closings(recorded).findIndex(hangsUp)]?.endsWith(' -') ? null : came;
    case 'same':
      if (recorded.decision === 'none') return decided ? came : null;
      if (said.callMs === null) return decided && played.category === recorded.category ? null : came;
      break;
    default:
  }
  const exact =
    decided &&
    played.category === said.category &&
    played.decidedCallMs === said.callMs &&
    played.decidedTurn === said.turn;
  return exact ? null : came;
}

const closings = ({ trail = '' }: Judged): string[] => trail.split('\n').filter((line) => line.startsWith('w '));
const hangsUp = (line: string): boolean => line.endsWith(' h');
