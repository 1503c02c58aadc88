import { describe, expect, it } from 'vitest';
import type { CallerKind } from '../../../src/workshop/player/scenario.ts';
import { balancedAccuracy, ONE_LINE_RULES, seen } from '../one-line-rules.ts';
import { parrot } from '../retell-server.ts';
import { play, says, scenario } from '../scenarios.ts';
import { TEXTS } from '../texts.ts';

const PLAYS_OF_EACH = 1_000;
const MAX_BALANCED_ACCURACY = 0.75;

async function measure(kind: CallerKind): Promise<Record<string, number[]>> {
  const values: Record<string, number[]> = {};
  for (let i = 0; i < PLAYS_OF_EACH; i++) {
    const lines = TEXTS[i % TEXTS.length] ?? [];
    const result = await play(
      scenario({
        kind,
        id: `${kind}-${i}`,
        lines: kind === 'person' ? says(...lines) : says(lines.join(' ')),
        improvise: true,
      }),
      parrot,
      { seed: i },
    );
    const view = seen(result);
    for (const [name, rule] of Object.entries(ONE_LINE_RULES)) {
      values[name] ??= [];
      values[name].push(rule(view));
    }
  }
  return values;
}

describe('the player', () => {
  it('gives no one-line rule a way to tell people from machines', { timeout: 120_000 }, async () => {
    const people = await measure('person');
    const machines = await measure('recording');
    const table = Object.keys(ONE_LINE_RULES).map((name) => ({
      name,
      accuracy: balancedAccuracy(machines[name] ?? [], people[name] ?? []),
    }));
    // Shown on purpose: how badly each rule does is the measure of the player.
    for (const { name, accuracy } of table) console.log(`${accuracy.toFixed(3)}  ${name}`);
    for (const { name, accuracy } of table) expect(accuracy, name).toBeLessThanOrEqual(MAX_BALANCED_ACCURACY);
  });
});
