import type { PlatformEvent } from '../guard/types.ts';
import type { ArrayChange } from './incremental.ts';

const DIGITS = /^[0-9*#A-D]{1,32}$/i;

/**
 * Counts the keys that the caller pressed, which Retell lists as `{"role":"dtmf","digit":"1"}` between the utterances
 * of `transcript_with_tool_calls`. A digit is told once, with its ordinal; what is no digit is not counted.
 */
export class RetellDigits {
  /** Position in the platform's array of every digit, in order. */
  #places: number[] = [];
  /** Ordinals below this have been told. */
  #told = 0;

  apply({ from, tail }: ArrayChange): PlatformEvent[] {
    const events: PlatformEvent[] = [];
    const keep = this.#places.findIndex((place) => place >= from);
    if (keep >= 0) this.#places.length = keep;
    for (let i = 0; i < tail.length; i++) {
      for (const digit of readDigits(tail[i])) {
        const ordinal = this.#places.push(from + i) - 1;
        if (ordinal >= this.#told) events.push({ type: 'digit-pressed', ordinal, digit });
      }
    }
    this.#told = Math.max(this.#told, this.#places.length);
    return events;
  }
}

function readDigits(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return '';
  const { role, digit } = entry as { role?: unknown; digit?: unknown };
  if (role !== 'dtmf') return '';
  const text = typeof digit === 'number' ? String(digit) : digit;
  return typeof text === 'string' && DIGITS.test(text) ? text.toUpperCase() : '';
}
