import { hear, startHearing } from '../../../src/guard/heard.ts';
import type { Seen, Signal, Slot } from '../../../src/guard/signal.ts';
import { TRANSCRIPT_SIGNALS } from '../../../src/guard/state.ts';
import type { Direction, Evidence } from '../../../src/guard/types.ts';
import { lineOf } from '../../../src/guard/utterance.ts';
import { facts, timed } from '../call-kit.ts';

/** `caller: text` or `agent: text`; a gap before it in ms (700 unless told), negative to talk over what is before. */
export type Line = string | readonly [text: string, gapMs: number];

export interface Hearing {
  readonly direction?: Direction;
  /** Without word timings. */
  readonly untimed?: boolean;
}

/** What a signal that follows the transcript says after these lines. A line without a role is the caller's. */
export function evidenceOf(signal: Signal, lines: readonly Line[], options: Hearing = {}): Evidence | null {
  const { direction = 'inbound', untimed = false } = options;
  const view = { facts: facts({ direction }), language: 'en' };
  let heard = startHearing(TRANSCRIPT_SIGNALS);
  let ms = 0;
  lines.forEach((line, index) => {
    const [spoken, gapMs] = typeof line === 'string' ? [line, 700] : line;
    const agent = spoken.startsWith('agent: ');
    const text = spoken.replace(/^(agent|caller): /, '');
    const words = timed(text, Math.max(0, ms + gapMs));
    ms = words.at(-1)?.endMs ?? ms;
    const said = lineOf(agent ? 'agent' : 'caller', index, text, untimed ? [] : words);
    heard = hear(TRANSCRIPT_SIGNALS, heard, said, view).heard;
  });
  return heard.reading.slots[TRANSCRIPT_SIGNALS.indexOf(signal)]?.evidence ?? null;
}

export const levelOf = (signal: Signal, lines: readonly Line[], options?: Hearing): string | null =>
  evidenceOf(signal, lines, options)?.level ?? null;

/** What a signal that follows events says after these. */
export function evidenceAfter(signal: Signal, events: readonly Seen[]): Evidence | null {
  const view = { facts: facts(), language: 'en' };
  return events.reduce<Slot<unknown>>((slot, seen) => signal.observe(slot, seen, slot, view), {
    own: signal.start,
    evidence: null,
  }).evidence;
}
