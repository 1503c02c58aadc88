import type { Frame } from './dialect.ts';
import type { WireFault } from './faults.ts';

export interface Pace {
  /** From the request to the first token. */
  readonly firstTokenMs: number;
  /** From one token to the next. */
  readonly tokenMs: number;
  /** How long a stall lasts; then the answer goes on. */
  readonly stallMs: number;
}

export interface WirePlan {
  /** `at`: milliseconds after the request. */
  readonly steps: readonly { readonly at: number; readonly text: string }[];
  readonly end: 'end' | 'reset';
  /** One byte at a time. */
  readonly drip: boolean;
}

/** When each piece of an answer leaves, and what a fault makes of it. Openings go at once, endings with the last token. */
export function planWire(
  frames: readonly Frame[],
  pace: Pace,
  fault: WireFault | undefined,
  events: { readonly errorEvent: string; readonly brokenEvent: string },
): WirePlan {
  const carrying = frames.flatMap(({ tokens }, index) => (tokens > 0 ? [index] : []));
  const first = carrying[0] ?? frames.length;
  // At least one token comes before the middle, so that it is heard.
  const middle = carrying[Math.max(1, Math.floor(carrying.length / 2))] ?? first + 1;
  const steps: { at: number; text: string }[] = [];
  let late = fault === 'silent' ? pace.stallMs : 0;
  let tokens = 0;
  for (const [index, frame] of frames.entries()) {
    if (index === first && fault === 'stall') late += pace.stallMs;
    if (index === middle) {
      if (fault === 'stall-mid') late += pace.stallMs;
      const at = steps.at(-1)?.at ?? 0;
      if (fault === 'reset-mid') return { steps, end: 'reset', drip: false };
      if (fault === 'cut') return { steps, end: 'end', drip: false };
      if (fault === 'error-mid') {
        return { steps: [...steps, { at, text: events.errorEvent }], end: 'end', drip: false };
      }
      if (fault === 'bad-json') steps.push({ at, text: events.brokenEvent });
    }
    if (frame.tokens > 0 && index > first) tokens += frame.tokens;
    steps.push({ at: late + (index < first ? 0 : pace.firstTokenMs + tokens * pace.tokenMs), text: frame.text });
  }
  return { steps, end: 'end', drip: fault === 'drip' };
}
