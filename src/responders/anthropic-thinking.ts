import type { MessageCreateParamsBase, OutputConfig } from '@anthropic-ai/sdk/resources/messages';

/** What a request says to keep the model from thinking first. */
export interface LeastThinking {
  readonly thinking?: NonNullable<MessageCreateParamsBase['thinking']>;
  readonly effort?: NonNullable<OutputConfig['effort']>;
}

/**
 * The newer models think before they speak unless they are told not to, and what they think counts as output: a caller
 * would wait, and a short answer would be used up before its first word. How to say so differs, and the wrong form is
 * refused with 400 (https://platform.claude.com/docs/en/build-with-claude/thinking-troubleshooting, by model). The first
 * entry that fits counts; models that are in none get nothing, as the older ones do not think unasked.
 */
const LEAST: readonly (readonly [model: RegExp, least: LeastThinking])[] = [
  [/^claude-(?:opus-5-5|fable-|mythos-)/, { effort: 'low' }],
  [/^claude-sonnet-5-5/, { thinking: { type: 'between_tools' } }],
  [/^claude-(?:opus|sonnet|haiku)-5(?:-|$)/, { thinking: { type: 'disabled' } }],
];

/** The least thinking that a model allows. */
export function leastThinking(model: string): LeastThinking {
  return LEAST.find(([pattern]) => pattern.test(model))?.[1] ?? {};
}
