import type {
  CallFacts,
  Category,
  Classified,
  Confidence,
  Evidence,
  NumberHistory,
  ProbeKind,
  ProbeResult,
} from './types.ts';
import type { Said } from './utterance.ts';

/** What a signal may look at besides its own state. */
export interface CallView {
  readonly facts: CallFacts;
  /** Language the caller seems to speak. */
  readonly language: string;
}

/** What happened, as a signal sees it. */
export type Seen =
  | { readonly type: 'opened'; readonly facts: CallFacts }
  | { readonly type: 'history'; readonly history: NumberHistory | null; readonly now: number }
  | { readonly type: 'said'; readonly said: Said }
  | { readonly type: 'reminder' }
  | { readonly type: 'digit' }
  | { readonly type: 'classified'; readonly answer: Classified; readonly confidence: Confidence }
  | {
      readonly type: 'reported';
      readonly category: Category;
      readonly confidence: Confidence;
      readonly quoted: boolean;
      readonly span?: Evidence['span'];
    }
  | { readonly type: 'probe'; readonly kind: ProbeKind | 'closing'; readonly result: ProbeResult };

/** A signal's own state and what it says of the call now. Replaced, never changed in place. */
export interface Slot<Own> {
  readonly own: Own;
  readonly evidence: Evidence | null;
}

/**
 * A named detector, as a value. Registered by one line in `signals/index.ts`; its points are in `weights.json`.
 *
 * - `follows: 'transcript'`: sees `said` only. An utterance that grows or is corrected is shown again, with `before`
 *   the slot as it was before this utterance began; `said.stable` tells how much of it is unchanged.
 * - `follows: 'events'`: sees everything, each thing once as it happens; an utterance again each time that it changes.
 *
 * `observe` must not throw, read a clock, or keep anything outside the slot. It returns the same slot when nothing changed.
 */
export interface Signal<Own = unknown> {
  readonly name: string;
  readonly follows: 'transcript' | 'events';
  /** Phrases to be found in caller utterances; hits come tagged `<signal name>:<key>`. */
  readonly phrases?: Readonly<Record<string, readonly string[]>>;
  readonly start: Own;
  observe(slot: Slot<Own>, seen: Seen, before: Slot<Own>, call: CallView): Slot<Own>;
}

/** Keeps the type parameter out of registries. */
export function signal<Own>(definition: Signal<Own>): Signal {
  return definition as unknown as Signal;
}
