import { InvalidArgumentError } from 'commander';

const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A moment for `--since`, as epoch ms: `30m`, `24h`, `7d` before now, or a date. For commander. */
export function since(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) {
    return Date.now() - Number(amount) * UNITS_MS[unit as keyof typeof UNITS_MS];
  }
  const date = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(date)) throw new InvalidArgumentError('Use 30m, 24h, 7d or a date such as 2026-01-31.');
  return date;
}

/** A whole number above 0. For commander. */
export function count(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('A whole number above 0 is needed.');
  return number;
}
