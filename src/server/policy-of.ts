import { agentSettings, type Config, lostCustomerCosts } from '../config.ts';
import { type NumberList, numberList } from '../guard/number-list.ts';
import { DEFAULT_ACTIONS, type Policy, thresholds } from '../guard/policy.ts';
import { pointsOf, toPoints, type Weights } from '../guard/weights.ts';
import type { Prompts, TextKind } from '../prompts.ts';

/** Numbers whose entry still holds at `now` (epoch ms). */
const current = (entries: Config['lists']['allow'], now: number): NumberList =>
  numberList(entries.filter(({ until }) => until === undefined || endOf(until) >= now).map(({ number }) => number));

/** A plain day holds until its end. */
const endOf = (until: string): number => Date.parse(until) + (/^\d{4}-\d{2}-\d{2}$/.test(until) ? 86_400_000 : 0);

/**
 * What decides in a call of `agent`: the config with the package's weights and texts, fixed at `now`.
 * Throws RangeError for an unknown agent.
 */
export function policyOf(
  config: Config,
  agentName: string,
  parts: { readonly weights: Weights; readonly prompts: Prompts; readonly now: number; readonly canStop: boolean },
): Policy {
  const settings = agentSettings(config, agentName);
  if (!settings) throw new RangeError(`no agent ${agentName}`);
  const { agent, mode, categories, signals } = settings;
  const { weights, prompts, now } = parts;
  const spec = config.responders[agent.responder];
  const relay = spec?.type === 'relay' ? spec : null;
  const spoken = { scope: agent.scope, agent: agent.spoken_name };
  return {
    mode,
    signalModes: signals as Policy['signalModes'],
    weights,
    priorPoints: toPoints(config.prior / (1 - config.prior)),
    thresholds: thresholds(lostCustomerCosts(config), pointsOf(weights, 'probe-answers', 'closing-ignored')),
    actions: { ...DEFAULT_ACTIONS, ...categories },
    texts: {
      languages: prompts.languages,
      text: (language, kind, variables) => prompts.text(language, kind as TextKind, { ...spoken, ...variables }),
      answers: (language) => prompts.answers(language),
    },
    agent: agent.spoken_name,
    language: agent.language,
    scope: agent.scope,
    greeting: agent.begin_message ?? prompts.text(agent.language, 'greeting', spoken),
    voicemailMessage: agent.voicemail_message ?? prompts.text(agent.language, 'voicemail', spoken),
    screeningAnswer: agent.screening_answer ?? '',
    ...(agent.transfer_to ? { transferTo: agent.transfer_to } : {}),
    lists: {
      allow: current(config.lists.allow, now),
      block: current(config.lists.block, now),
      protect: current(config.lists.protect, now),
    },
    sanctioned: config.sanctioned_countries,
    silence: { triggerMs: config.silence.trigger_ms, maxCount: config.silence.max_count },
    ownReminders: { triggerMs: agent.reminders.trigger_ms, maxCount: agent.reminders.max_count },
    lookUpMs: config.latency.lookup_ms,
    fallbackMs: relay ? null : config.latency.fallback_ms,
    setsReminders: !relay || relay.reminders === 'guard',
    classifications: config.classifier.responder === undefined ? 0 : config.classifier.max_per_call,
    goOnMs: 300_000,
    reconnectMs: 30_000,
    canStop: parts.canStop,
  };
}
