import type { Usage } from '../responders/responder.ts';

/** What the classifier may cost, in the currency of the configured prices. Absent: no limit. */
export interface SpendingLimits {
  readonly costPerCall?: number;
  readonly costPerDay?: number;
  /** Questions to the model on one day. */
  readonly perDay: number;
}

const DAY_MS = 86_400_000;

/** Questions and their cost on the day that it is (UTC). A new day begins at nothing. */
export class DaySpending {
  readonly #now: () => number;
  #day = 0;
  #questions = 0;
  #cost = 0;

  /** `now` is epoch ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether one more question is within the limits. What is under way is not known yet, and may go beyond. */
  allows({ costPerDay = Number.POSITIVE_INFINITY, perDay }: SpendingLimits): boolean {
    const { questions, cost } = this.today();
    return questions < perDay && cost < costPerDay;
  }

  /** A question goes out. */
  asked(): void {
    this.#turnPage();
    this.#questions++;
  }

  /** An answer came in; one of unknown cost counts as a question only. */
  paid(cost: number): void {
    this.#turnPage();
    this.#cost += cost;
  }

  today(): { readonly questions: number; readonly cost: number } {
    this.#turnPage();
    return { questions: this.#questions, cost: this.#cost };
  }

  #turnPage(): void {
    const day = Math.floor(this.#now() / DAY_MS);
    // A clock that is put back does not give the same money out again.
    if (day <= this.#day) return;
    this.#day = day;
    this.#questions = 0;
    this.#cost = 0;
  }
}

/** Tokens and cost of some questions to one model; null cost: none is known. */
export interface ModelUsage extends Usage {
  readonly requests: number;
}

export const noUsage = (model: string): ModelUsage => ({
  model,
  requests: 0,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  cost: null,
});

/** Servers say what they like. */
const amount = (value: number): number => (Number.isFinite(value) && value > 0 ? value : 0);

/** Adds the tokens and cost of one answer. */
export function withAnswer(all: ModelUsage, { inputTokens, cachedTokens, outputTokens, cost }: Usage): ModelUsage {
  return {
    ...all,
    inputTokens: all.inputTokens + amount(inputTokens),
    cachedTokens: all.cachedTokens + amount(cachedTokens),
    outputTokens: all.outputTokens + amount(outputTokens),
    cost: cost === null ? all.cost : (all.cost ?? 0) + amount(cost),
  };
}
