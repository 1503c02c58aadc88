import { printable } from '../../records/printable.ts';
import type { EvidenceOfTurn } from '../../records/record.ts';
import { html, type Markup, SAID_CHARS } from './markup.ts';

/** Words of an utterance that evidence rests on. */
export interface Ground {
  readonly quote: string;
  /** Where they were heard; the nearest place with these words is marked. */
  readonly from: number;
  /** They speak against the caller. */
  readonly bad: boolean;
}

/** What evidence rests on, by index of the utterance. */
export function groundsOf(
  evidence: readonly EvidenceOfTurn[],
  transcript: readonly { readonly text: string }[],
): Map<number, Ground[]> {
  const found = new Map<number, Map<string, Ground>>();
  for (const { evidence: all } of evidence) {
    for (const { span, quote, points } of all) {
      if (span === undefined || !points) continue;
      const text = quote ?? transcript[span.index]?.text.slice(span.from, span.to);
      if (!text) continue;
      const ofLine = found.get(span.index) ?? new Map<string, Ground>();
      ofLine.set(`${span.from}:${text}`, { quote: text, from: span.from, bad: points > 0 });
      found.set(span.index, ofLine);
    }
  }
  return new Map([...found].map(([index, grounds]) => [index, [...grounds.values()]]));
}

/** An utterance with the words marked that evidence rests on; printable and cut like every text of a caller. */
export function highlighted(text: string, grounds: readonly Ground[]): Markup {
  const shown = printable(text, SAID_CHARS);
  const ranges = grounds.flatMap(({ quote, from, bad }) => {
    const words = printable(quote);
    const start = words === '' ? -1 : nearest(shown, words, from);
    return start < 0 ? [] : [{ start, end: start + words.length, bad }];
  });
  // Where grounds overlap, what speaks against the caller shows.
  const edges = [...new Set([0, shown.length, ...ranges.flatMap(({ start, end }) => [start, end])])].sort(
    (a, b) => a - b,
  );
  const parts = edges.slice(0, -1).map((start, i) => {
    const piece = shown.slice(start, edges[i + 1]);
    const over = ranges.filter((range) => range.start <= start && start < range.end);
    if (over.length === 0) return html`${piece}`;
    return html`<mark class="${over.some(({ bad }) => bad) ? 'bad' : 'good'}">${piece}</mark>`;
  });
  return html`<bdi dir="auto">${parts}</bdi>`;
}

function nearest(text: string, words: string, from: number): number {
  let best = -1;
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    if (best < 0 || Math.abs(at - from) < Math.abs(best - from)) best = at;
  }
  return best;
}
