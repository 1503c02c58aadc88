import type { Weights } from './weights.ts';

const marks = new WeakMap<Weights, string>();

/** The same for equal weights, whatever they say about themselves. */
export function markOf(weights: Weights): string {
  let mark = marks.get(weights);
  if (mark === undefined) {
    const text = JSON.stringify([
      Object.entries(weights.groups).map(([name, { min, max }]) => [name, min, max]),
      Object.entries(weights.signals).map(([name, { group, points }]) => [name, group, points]),
    ]);
    // FNV-1a, 32 bits.
    let hash = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    mark = (hash >>> 0).toString(16).padStart(8, '0');
    marks.set(weights, mark);
  }
  return mark;
}
