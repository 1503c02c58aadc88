import type { PlayOptions } from './play-call.ts';
import { playCall } from './play-call.ts';
import type { PlayResult } from './play-result.ts';
import type { Scenario } from './scenario.ts';

/**
 * Plays many calls on one clock, `concurrency` at a time; results in the order of the scenarios.
 * A `VirtualClock` has to be run by whoever made it: `clock.run(playMany(...))`.
 */
export async function playMany(
  scenarios: readonly Scenario[],
  options: PlayOptions & {
    readonly concurrency: number;
    /** Before a call is placed. */
    readonly before?: (scenario: Scenario) => void;
    readonly onResult?: (result: PlayResult) => void;
    /** After a call, before its place is given to the next one. */
    readonly after?: (scenario: Scenario, result: PlayResult) => Promise<void>;
    /** True: no more calls are begun. */
    readonly stopped?: () => boolean;
  },
): Promise<PlayResult[]> {
  const results: (PlayResult | undefined)[] = new Array(scenarios.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (;;) {
      const index = next++;
      const scenario = scenarios[index];
      if (scenario === undefined || options.stopped?.() === true) return;
      options.before?.(scenario);
      const result = await playCall(scenario, options);
      results[index] = result;
      options.onResult?.(result);
      await options.after?.(scenario, result);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.concurrency) }, worker));
  return results.filter((result) => result !== undefined);
}
