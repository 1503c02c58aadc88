/** `+`, digits only: what two spellings of one number have in common. */
export const bareNumber = (number: string): string => {
  const digits = number.replace(/[^0-9]/g, '');
  return digits === '' ? '' : `+${digits.replace(/^00/, '')}`;
};

/** Numbers and prefixes, ready to be looked up. */
export interface NumberList {
  readonly exact: ReadonlySet<string>;
  readonly prefixes: readonly string[];
}

/** Compiles entries, each a number in E.164 or a prefix that ends in `*`. */
export function numberList(entries: readonly string[]): NumberList {
  const prefixes = entries.filter((entry) => entry.endsWith('*')).map((entry) => bareNumber(entry.slice(0, -1)));
  const exact = entries.filter((entry) => !entry.endsWith('*')).map(bareNumber);
  return { exact: new Set(exact), prefixes: prefixes.filter((prefix) => prefix !== '') };
}

/** Whether a number (as `bareNumber` gives it) is on a list. */
export const onList = (list: NumberList, number: string): boolean =>
  list.exact.has(number) || list.prefixes.some((prefix) => number.startsWith(prefix));
