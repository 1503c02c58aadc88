import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { IncrementalDecoder } from '../../src/platforms/incremental.ts';

export const KEYS = ['transcript', 'transcript_with_tool_calls'] as const;
type Key = (typeof KEYS)[number];

/** Keeps the elements that the decoder does not keep, and compares every frame with a full parse. */
export class Reader {
  readonly decoder = new IncrementalDecoder<Key>(KEYS);
  readonly #kept = new Map<Key, readonly unknown[]>();
  /** Elements that did not have to be parsed again. */
  spared = 0;

  read(text: string | Buffer): Partial<Record<Key, number>> {
    const frame = Buffer.from(text);
    const whole = attempt(() => JSON.parse(frame.toString('utf8')) as unknown);
    const seen = attempt(() => this.decoder.decode(frame));
    if (whole === INVALID || seen === INVALID) {
      expect(seen, `frame ${frame}`).toBe(whole);
      return {};
    }
    const from: Partial<Record<Key, number>> = {};
    for (const key of KEYS) {
      const change = seen.arrays[key];
      const expected = isRecord(whole) && Object.hasOwn(whole, key) ? whole[key] : undefined;
      expect(change !== undefined, `${key} of ${frame}`).toBe(Array.isArray(expected));
      if (change === undefined || !isRecord(whole)) continue;
      const elements = [...(this.#kept.get(key) ?? []).slice(0, change.from), ...change.tail];
      expectSame(elements, expected, frame);
      this.#kept.set(key, elements);
      this.spared += change.from;
      from[key] = change.from;
      delete whole[key];
    }
    expectSame(seen.value, whole, frame);
    return from;
  }
}

const INVALID = Symbol('invalid');
function attempt<T>(run: () => T): T | typeof INVALID {
  try {
    return run();
  } catch (error) {
    expect(error).toBeInstanceOf(SyntaxError);
    return INVALID;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Equal in values and in the order of keys. */
function expectSame(actual: unknown, expected: unknown, frame: Buffer): void {
  const same = isDeepStrictEqual(actual, expected) && JSON.stringify(actual) === JSON.stringify(expected);
  expect(same, `${JSON.stringify(actual)} is not ${JSON.stringify(expected)} in ${frame}`).toBe(true);
}
