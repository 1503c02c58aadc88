import type { RunStamp } from '../eval/run.ts';

/** `3 calls`, `1 call`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** A share 0..1 as `12.5 %`, in one piece. */
export function percent(share: number | null): string {
  return typeof share === 'number' ? `${(share * 100).toFixed(1)}\u00a0%` : '–';
}

/** A number with `digits` decimals; a dash where there is none. */
export function figure(value: number | null | undefined, digits = 0): string {
  return typeof value === 'number' ? value.toFixed(digits) : '–';
}

/** An amount in the currency of the run: four decimals where cents would hide it. */
export function money(amount: number | null, { currency }: RunStamp['prices']): string {
  if (typeof amount !== 'number') return '–';
  return `${currency} ${amount.toFixed(amount !== 0 && Math.abs(amount) < 0.1 ? 4 : 2)}`;
}

/** `robocall_menu` as `robocall menu`. */
export function plain(name: string): string {
  return name.replaceAll('_', ' ');
}

/** A level, a threshold or a text before and after an edit. */
export function value(of: number | string | null): string {
  if (of === null) return 'none';
  return typeof of === 'number' ? String(Number(of.toFixed(2))).replace('-', '−') : of;
}
