/** Points with their sign and one decimal: `+12.4`, `−1.0`. */
export const signed = (points: number): string => (minus(points) ? threshold(points) : `+${threshold(points)}`);

/** A threshold: as `signed`, without a plus. */
export const threshold = (points: number): string => `${minus(points) ? '−' : ''}${Math.abs(points).toFixed(1)}`;

/** What is shown as 0.0 has no minus. */
const minus = (points: number): boolean => Number(points.toFixed(1)) < 0;

/** What stands in the weights file, as it stands there. */
export const weight = (value: number | string | null): string =>
  value === null ? 'none' : String(value).replace(/^-/, '−');

/** Call time in seconds with one decimal. */
export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
