import { type Signal, type Slot, signal } from '../signal.ts';
import type { Category, Direction } from '../types.ts';
import { type Said, spanOf } from '../utterance.ts';
import { isQuoted } from './quoting.ts';

export interface PhraseSignal {
  readonly name: string;
  readonly category: Category;
  /** Category when we placed the call; the same when absent. */
  readonly outbound?: Category;
  /** Phrases by kind. A kind counts once a call, however often it is said. */
  readonly strong: Readonly<Record<string, readonly string[]>>;
  /** Kinds that mean little alone: each counts half, and only beside a strong one. */
  readonly weak?: Readonly<Record<string, readonly string[]>>;
  /** Level by count of kinds, highest first: `[3, 'three']` holds from 3 kinds on. */
  readonly levels: readonly (readonly [number, string])[];
  readonly reason: (kinds: readonly string[]) => string;
  /** Only calls in these directions; all when absent. */
  readonly directions?: readonly Direction[];
  /** Phrases that someone tells of ("the message said press one") do not count. Default true. */
  readonly skipQuoted?: boolean;
}

interface Own {
  readonly kinds: readonly string[];
  readonly span?: { readonly index: number; readonly from: number; readonly to: number };
}

/** A signal that is a list of phrases: distinct kinds heard in the call set the level. */
export function phraseSignal(spec: PhraseSignal): Signal {
  const prefix = `${spec.name}:`;
  const strong = new Set(Object.keys(spec.strong));
  const evidenceOf = (own: Own, direction: Direction): Slot<Own>['evidence'] => {
    const nStrong = own.kinds.filter((kind) => strong.has(kind)).length;
    if (nStrong === 0) return null;
    const count = nStrong + 0.5 * (own.kinds.length - nStrong);
    const level = spec.levels.find(([from]) => count >= from)?.[1];
    if (!level) return null;
    return {
      level,
      category: direction === 'outbound' ? (spec.outbound ?? spec.category) : spec.category,
      reason: spec.reason(own.kinds),
      values: { kinds: own.kinds.length },
      ...(own.span ? { span: own.span } : {}),
    };
  };
  const add = (own: Own, said: Said): Own => {
    let kinds: string[] | undefined;
    let span = own.span;
    for (const hit of said.hits) {
      if (!hit.tag.startsWith(prefix)) continue;
      if (spec.skipQuoted !== false && isQuoted(said, hit)) continue;
      const kind = hit.tag.slice(prefix.length);
      if ((kinds ?? own.kinds).includes(kind)) continue;
      kinds = [...(kinds ?? own.kinds), kind];
      const here = spanOf(said, hit.from, hit.to);
      span = span && span.index === here.index ? { ...span, to: Math.max(span.to, here.to) } : here;
    }
    return kinds && span ? { kinds, span } : own;
  };
  return signal<Own>({
    name: spec.name,
    follows: 'transcript',
    phrases: { ...spec.strong, ...spec.weak },
    start: { kinds: [] },
    observe(_slot, seen, before, call) {
      if (seen.type !== 'said' || seen.said.role !== 'caller') return before;
      if (spec.directions && !spec.directions.includes(call.facts.direction)) return before;
      const own = add(before.own, seen.said);
      return own === before.own ? before : { own, evidence: evidenceOf(own, call.facts.direction) };
    },
  });
}
