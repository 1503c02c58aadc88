import type { Rng } from './rng.ts';
import type { Scenario } from './scenario.ts';
import { cutIntoSegments, drawPause, TAPE_PAUSES } from './segments.ts';
import { joinWords, splitWords } from './words.ts';

/** Differences between two replays of one tape. */
export const ONSET_JITTER_SIGMA_MS = 60;
export const TEMPO_SPREAD = 0.02;
const MISSING_START = 0.12;
const MISSING_WORDS_MAX = 6;
const MISSING_SHARE_MAX = 0.2;
/** Chance that two stretches run into one this time. */
const MERGED = 0.1;
const GAP_SPREAD = 0.15;
/** A tape that shows silence in a fixture. */
const SILENT_MS = 10_000;

export type TapeItem =
  | { readonly type: 'say'; readonly text: string; readonly gapMs: number }
  | { readonly type: 'digit'; readonly digit: string; readonly gapMs: number };

/** What is on the tape: the same at every call. `gapMs` is the pause before; the first one is 0 unless it was set. */
export function recordTape(scenario: Scenario, rng: Rng): TapeItem[] {
  const items: TapeItem[] = [];
  let extraMs = 0;
  for (const line of scenario.lines) {
    if (line.type === 'silent') {
      extraMs += SILENT_MS;
      continue;
    }
    const drawnMs = items.length === 0 ? 0 : drawPause(rng, TAPE_PAUSES);
    const beforeMs = extraMs + (line.gapMs ?? drawnMs);
    extraMs = 0;
    if (line.type === 'digit') {
      items.push({ type: 'digit', digit: line.digit, gapMs: beforeMs });
      continue;
    }
    cutIntoSegments(line.text, rng, TAPE_PAUSES).forEach(({ text, gapMs }, index) => {
      items.push({ type: 'say', text, gapMs: index === 0 ? beforeMs : gapMs });
    });
  }
  return items;
}

/** The tape as it is heard this time. */
export function replayTape(tape: readonly TapeItem[], rng: Rng, exact: boolean): TapeItem[] {
  const items: TapeItem[] = [];
  for (const item of tape) {
    const before = items.at(-1);
    if (!exact && item.type === 'say' && before?.type === 'say' && item.gapMs < 1_500 && rng.chance(MERGED)) {
      items[items.length - 1] = { ...before, text: joinWords([before.text, item.text]) };
      continue;
    }
    const jitterMs = rng.normal(0, ONSET_JITTER_SIGMA_MS);
    const scale = exact ? 1 : rng.uniform(1 - GAP_SPREAD, 1 + GAP_SPREAD);
    items.push({ ...item, gapMs: items.length === 0 ? item.gapMs : Math.max(0, item.gapMs * scale + jitterMs) });
  }
  if (!exact && rng.chance(MISSING_START)) dropStart(items, rng);
  return items;
}

function dropStart(items: TapeItem[], rng: Rng): void {
  const first = items[0];
  if (first?.type !== 'say') return;
  const total = items.reduce((sum, item) => sum + (item.type === 'say' ? splitWords(item.text).length : 0), 0);
  const words = splitWords(first.text);
  const missing = Math.min(rng.int(1, MISSING_WORDS_MAX), Math.floor(total * MISSING_SHARE_MAX), words.length - 1);
  if (missing > 0) items[0] = { ...first, text: joinWords(words.slice(missing)) };
}
