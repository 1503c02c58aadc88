import type { NumberList } from './number-list.ts';
import type { CallFacts, Category, Mode } from './types.ts';
import type { Weights } from './weights.ts';
import { toPoints } from './weights.ts';

export const ACTIONS = ['hang_up', 'scope', 'message', 'screening', 'go_on', 'ignore'] as const;
/**
 * What is done about a category: `hang_up` by the ladder; `scope` the same, but say first what the line is for;
 * `message` hang up with the voicemail message as last words; `screening` say who calls and go on; `go_on` wait,
 * bounded by time; `ignore` do nothing.
 */
export type Action = (typeof ACTIONS)[number];

export const DEFAULT_ACTIONS: Readonly<Record<Category, Action>> = {
  recorded_message: 'hang_up',
  robocall_menu: 'hang_up',
  toll_fraud: 'hang_up',
  blocked_number: 'hang_up',
  sanctioned_country: 'hang_up',
  silent: 'hang_up',
  bot_loop: 'hang_up',
  sales_pitch: 'scope',
  unrelated: 'scope',
  abusive: 'scope',
  voicemail: 'message',
  call_screening: 'screening',
  ivr_menu: 'go_on',
  hold_music: 'go_on',
};

/** Presets: one lost customer costs as much as N wasted calls. */
export const PRESETS = { cautious: 1_000, balanced: 100, eager: 30 } as const;
export type Preset = keyof typeof PRESETS;

/** Points, prior included, from which each rung is entered. */
export interface Thresholds {
  readonly probe: number;
  readonly closing: number;
  readonly hangUp: number;
}

/** A question that was not needed costs a customer about a hundredth of being cut off. */
const PROBE_PRICE = 1 / 100;

/**
 * Thresholds from the price of a lost customer. Hanging up pays when p(bad) / p(customer) > N, that is above
 * 10*log10(N) points. The closing sentence is itself a question: it is said when its being ignored
 * (`closingIgnored` points) would make the sum enough.
 */
export function thresholds(lostCustomerCosts: number, closingIgnored: number): Thresholds {
  const hangUp = toPoints(lostCustomerCosts);
  return { hangUp, closing: hangUp - closingIgnored, probe: toPoints(lostCustomerCosts * PROBE_PRICE) };
}

export interface ReplyLists {
  readonly yes: readonly string[];
  readonly no: readonly string[];
  readonly clumsy: readonly string[];
  readonly waitRequest: readonly string[];
}

/** Texts that the guard says, and short replies that people give; from `prompts/`. */
export interface TextBook {
  readonly languages: readonly string[];
  text(language: string, kind: string, variables: Readonly<Record<string, string>>): string;
  answers(language: string): ReplyLists;
}

/** Everything that decides, fixed when a call begins. */
export interface Policy {
  readonly mode: Mode;
  readonly signalModes: Readonly<Record<string, Mode>>;
  readonly weights: Weights;
  readonly priorPoints: number;
  readonly thresholds: Thresholds;
  readonly actions: Readonly<Record<Category, Action>>;
  readonly texts: TextBook;
  readonly agent: string;
  readonly language: string;
  readonly scope: string;
  /** The agent's first words; empty: wait for the caller. */
  readonly greeting: string;
  /** What to leave on a voicemail before hanging up; empty: nothing. */
  readonly voicemailMessage: string;
  readonly screeningAnswer: string;
  /** E.164 number that a protected caller is offered; absent: none. */
  readonly transferTo?: string;
  readonly lists: {
    readonly allow: NumberList;
    readonly block: NumberList;
    readonly protect: NumberList;
  };
  /** ISO 3166-1 alpha-2. */
  readonly sanctioned: readonly string[];
  /** Reminders while the guard listens for silence, and the agent's own, given back afterwards. */
  readonly silence: { readonly triggerMs: number; readonly maxCount: number };
  readonly ownReminders: { readonly triggerMs: number; readonly maxCount: number };
  /** How long the greeting waits for the look-up of the caller's number. */
  readonly lookUpMs: number;
  /** Without a first piece of the reply by then, the fallback sentence is said; null: never, somebody else answers. */
  readonly fallbackMs: number | null;
  /** The platform's reminders may be set as the guard needs them. */
  readonly setsReminders: boolean;
  /** The LLM classifier may be asked so often in a call; 0: there is none. */
  readonly classifications: number;
  /** How long a waiting queue or menu of somebody we called is borne. */
  readonly goOnMs: number;
  /** How long a dropped socket may come back. */
  readonly reconnectMs: number;
  /** The platform's REST API can stop a call. */
  readonly canStop: boolean;
}

/** What the guard's facts default to when the platform tells nothing. */
export const unknownFacts = (callId: string, agent: string, platform: string): CallFacts => ({
  callId,
  agent,
  platform,
  direction: 'web',
  noText: false,
});
