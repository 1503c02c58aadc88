import type { EvalCall, EvalRun, LoadedRun, VariantStamp } from './run.ts';

/** The same call of two runs. */
export interface CallPair {
  readonly key: string;
  readonly a: EvalCall;
  readonly b: EvalCall;
}

export interface MatchedCalls {
  readonly both: readonly CallPair[];
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}

/** Calls of two runs by their keys, in the order of the second. Of a key that is there twice, the last call counts. */
export function matchCalls(a: LoadedRun, b: LoadedRun): MatchedCalls {
  const ofA = new Map(a.calls.map((call) => [call.key, call]));
  const ofB = new Map(b.calls.map((call) => [call.key, call]));
  const both = [...ofB].flatMap(([key, call]) => {
    const before = ofA.get(key);
    return before === undefined ? [] : [{ key, a: before, b: call }];
  });
  return {
    both,
    onlyA: [...ofA.keys()].filter((key) => !ofB.has(key)).sort(),
    onlyB: [...ofB.keys()].filter((key) => !ofA.has(key)).sort(),
  };
}

/** The same variant of two runs; its name is that of the second. */
export interface VariantPair {
  readonly name: string;
  readonly a: VariantStamp;
  readonly b: VariantStamp;
}

/** Variants of two runs by their ids. Where both have a single one it is compared whatever it is called. */
export function matchVariants(a: EvalRun, b: EvalRun): VariantPair[] {
  const { variants: ofA } = a.stamp;
  const { variants: ofB } = b.stamp;
  const alone = ofA.length === 1 && ofB.length === 1;
  return ofB.flatMap((variant) => {
    const before = alone ? ofA[0] : ofA.find(({ id }) => id === variant.id);
    return before === undefined ? [] : [{ name: variant.id, a: before, b: variant }];
  });
}
