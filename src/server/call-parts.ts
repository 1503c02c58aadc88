import type { CallClassifier } from '../classifier/classifier.ts';
import type { Clock } from '../clock.ts';
import type { Policy } from '../guard/policy.ts';
import type { CallState } from '../guard/state.ts';
import type { CallEvent, Effect } from '../guard/types.ts';
import type { Platform } from '../platforms/platform.ts';
import type { Records, Versions } from '../records/record.ts';
import type { AgentBrief, Responder } from '../responders/responder.ts';
import type { Tool } from '../tools/tool.ts';
import type { CallLog } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { StopCall } from './stop-call.ts';

/** Sees every step of a call after it was taken and before its effects are carried out. Must not throw. */
export type StepObserver = (state: CallState, event: CallEvent, effects: readonly Effect[]) => void;

/** What one call is served with; fixed when it begins. */
export interface CallParts {
  readonly clock: Clock;
  readonly policy: Policy;
  readonly platform: Platform;
  readonly responder: Responder;
  readonly brief: AgentBrief;
  readonly tools: ReadonlyMap<string, Tool>;
  /** The LLM classifier, for a call that is only now beginning; null: there is none. */
  readonly classify: ((callId: string) => CallClassifier) | null;
  readonly records: Records;
  readonly versions: Versions;
  readonly metrics: Metrics;
  readonly log: CallLog;
  readonly detailsMs: number;
  readonly saved: { readonly badCallMs: number; readonly pricePerMinute: number | null };
  readonly stopCall: StopCall | null;
  readonly onStep?: StepObserver;
  /** The call is over and can be forgotten. */
  readonly onOver: () => void;
}
