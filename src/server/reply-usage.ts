import type { ModelUse } from '../records/record.ts';
import type { Usage } from '../responders/responder.ts';

/** As many models as a call can meet by its configuration; further ones are counted together. */
const MOST_MODELS = 16;
const OTHER = 'other';

/** `requests`: those of which the server said what they took; cost null: one of them has no price. */
export type ReplyUse = Omit<ModelUse, 'purpose'>;

/** Sums up what the requests of one call took, by model. */
export class ReplyUsage {
  readonly #uses = new Map<string, ReplyUse>();

  add(usage: Usage): void {
    const known = this.#uses.has(usage.model) || this.#uses.size < MOST_MODELS - 1;
    const model = known ? usage.model : OTHER;
    const so = this.#uses.get(model);
    this.#uses.set(model, {
      model,
      requests: (so?.requests ?? 0) + 1,
      inputTokens: (so?.inputTokens ?? 0) + usage.inputTokens,
      cachedTokens: (so?.cachedTokens ?? 0) + usage.cachedTokens,
      outputTokens: (so?.outputTokens ?? 0) + usage.outputTokens,
      cost: usage.cost === null || so?.cost === null ? null : (so?.cost ?? 0) + usage.cost,
    });
  }

  get byModel(): readonly ReplyUse[] {
    return [...this.#uses.values()];
  }
}
