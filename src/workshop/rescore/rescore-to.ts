import type { Policy, Thresholds } from '../../guard/policy.ts';
import type { Weights } from '../../guard/weights.ts';

/** The numbers that a call is judged by anew. */
export interface RescoreTo {
  readonly weights: Weights;
  readonly priorPoints: number;
  readonly thresholds: Thresholds;
  readonly actions: Policy['actions'];
}
