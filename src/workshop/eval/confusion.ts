import { isCaught, isServed } from '../play-report.ts';
import type { EvalCall, RunStamp } from './run.ts';
import type { ConfusionCell } from './summary.ts';

/** Expected of a machine whose category was not said, as in data sets. */
const ANY_CATEGORY = 'any category';

/** How calls came out against what was expected, the dearest first. */
export function confusionOf(calls: readonly EvalCall[], prices: RunStamp['prices']): ConfusionCell[] {
  const cells = new Map<string, ConfusionCell>();
  for (const call of calls) {
    const expected = expectedOf(call);
    const seen = seenOf(call);
    const key = `${expected}\n${seen}`;
    const { calls: before, price, money } = cells.get(key) ?? { calls: 0, price: 0, money: null };
    const cost = priceOf(call, prices.lostCustomerCosts);
    cells.set(key, {
      expected,
      seen,
      calls: before + 1,
      price: price + cost,
      money: prices.perMinute === null ? null : (money ?? 0) + minutesOfBad(call) * prices.perMinute,
    });
  }
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...cells.values()].sort(
    (a, b) => b.price - a.price || b.calls - a.calls || order(a.expected, b.expected) || order(a.seen, b.seen),
  );
}

function expectedOf({ result, record }: EvalCall): string {
  const { expect, kind } = result;
  if (expect === undefined) return 'anything';
  if (isServed(result)) return kind === 'person' ? 'customer' : 'other (served)';
  const categories: readonly string[] = expect.category === undefined ? [] : [expect.category].flat();
  return categories.find((one) => one === record?.category) ?? categories[0] ?? ANY_CATEGORY;
}

function seenOf({ result, record }: EvalCall): string {
  if (result.endedBy === 'error' || record === null) return 'failed';
  if (record.decision !== 'none') return record.category ?? ANY_CATEGORY;
  return record.probes.length > 0 ? 'served after a question' : 'served';
}

function priceOf(call: EvalCall, lostCustomerCosts: number): number {
  const { result, wrong } = call;
  if (wrong?.kind === 'cut') return lostCustomerCosts;
  return result.expect?.decision === 'hang_up' && !isCaught(result) ? 1 : 0;
}

function minutesOfBad({ result }: EvalCall): number {
  return result.expect?.decision === 'hang_up' ? result.callMs / 60_000 : 0;
}
