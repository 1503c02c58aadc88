import type { ModelUse } from '../../records/record.ts';
import type { EvalCall, RunStamp } from './run.ts';
import type { RunSummary } from './summary.ts';

/** Tokens and cost by purpose and model, added up over the calls. */
export function modelUses(calls: readonly EvalCall[]): ModelUse[] {
  const uses = new Map<string, ModelUse>();
  for (const one of calls.flatMap(({ record }) => record?.models ?? [])) {
    const key = `${one.purpose}\n${one.model}`;
    const sum = uses.get(key);
    uses.set(
      key,
      sum === undefined
        ? one
        : {
            ...one,
            requests: sum.requests + one.requests,
            inputTokens: sum.inputTokens + one.inputTokens,
            cachedTokens: sum.cachedTokens + one.cachedTokens,
            outputTokens: sum.outputTokens + one.outputTokens,
            cost: sum.cost === null || one.cost === null ? null : sum.cost + one.cost,
          },
    );
  }
  return [...uses.values()].sort((a, b) => (`${a.purpose} ${a.model}` < `${b.purpose} ${b.model}` ? -1 : 1));
}

/** Null: a model without prices answered. */
export function costOfUses(uses: readonly ModelUse[]): number | null {
  return uses.reduce<number | null>((sum, { cost }) => (sum === null || cost === null ? null : sum + cost), 0);
}

/** From the request of a reply to its first piece, in call time. */
export function latencyOf(calls: readonly EvalCall[]): RunSummary['latency'] {
  const waits = calls
    .flatMap(({ result }) => result.turns)
    .flatMap(({ kind, requestedMs, firstContentMs }) =>
      kind === 'reply' && firstContentMs !== null ? [firstContentMs - requestedMs] : [],
    )
    .sort((a, b) => a - b);
  const at = (share: number): number => Math.round(waits[Math.ceil(waits.length * share) - 1] ?? 0);
  return waits.length === 0 ? null : { p50Ms: at(0.5), p95Ms: at(0.95) };
}

/** Whose prompt quality this run measured, or did not. */
export function measuredNote({ answers, variants }: Pick<RunStamp, 'answers' | 'variants'>): string {
  const not = "prompt quality with a vendor's model was not measured.";
  const total = sum(answers);
  if (total === 0) {
    const asked = variants.some(({ responders }) => responders.some(({ model }) => model !== undefined));
    return asked ? `No answer of a model is there: ${not}` : `No model answered: ${not}`;
  }
  const foreign = answers.filter(({ vendor }) => !vendor);
  const where = foreign.map(({ endpoint }) => endpoint ?? 'an unknown place');
  if (foreign.length === answers.length) {
    const come = total === 1 ? 'The only answer comes' : `All ${total} answers come`;
    return `${come} from ${listed(where)}, which is not the vendor's: ${not}`;
  }
  if (foreign.length > 0) {
    const others = `${sum(foreign)} of ${total} answers come from ${listed(where)}, which is not the vendor's`;
    return `${others}: ${not}`;
  }
  const models = listed(answers.map(({ model }) => model));
  const from = day(Math.min(...answers.map(({ recordedFrom }) => recordedFrom)));
  const to = day(Math.max(...answers.map(({ recordedTo }) => recordedTo)));
  return `Measured with ${models} at the vendor's own endpoint, recorded ${from === to ? from : `${from} to ${to}`}.`;
}

function sum(answers: RunStamp['answers']): number {
  return answers.reduce((total, { answers: some }) => total + some, 0);
}

function listed(names: readonly string[]): string {
  return [...new Set(names)].join(', ');
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
