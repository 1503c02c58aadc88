/** A copy of `list` with `item` at its end and no more than the `most` newest in it. */
export function newest<T>(list: readonly T[], item: T, most: number): readonly T[] {
  const left = Math.max(0, list.length + 1 - most);
  // Made in its size: a list that grows takes room for more than it holds, and these are kept.
  const kept = new Array<T>(list.length - left + 1);
  for (let i = left; i < list.length; i++) kept[i - left] = list[i] as T;
  kept[list.length - left] = item;
  return kept;
}
