import type pc from 'picocolors';
import type { Thresholds } from '../guard/policy.ts';
import type { Weights } from '../guard/weights.ts';

/** What the texts of `try` are written with. */
export interface TryStyle {
  readonly colors: ReturnType<typeof pc.createColors>;
  /** Columns of the terminal. */
  readonly width: number;
  readonly thresholds: Thresholds;
  readonly groups: Weights['groups'];
  readonly priorPoints: number;
  /** Somebody types between what is written. */
  readonly interactive: boolean;
}

const BAR_WIDTH = 40;
const BAR_FROM = -20;
/** Narrower than this a column of text is no use. */
const MIN_ROOM = 24;

/** Breaks `text` at spaces; what follows the first line stands under it. `head` has no colours in it. */
export function wrap(head: string, text: string, { width }: TryStyle, indent: number): string {
  const room = Math.max(MIN_ROOM, width - indent - 1);
  const first = head.length <= indent ? head.padEnd(indent) : `${head} `;
  const lines: string[] = [];
  let line = '';
  let length = first.length - indent;
  for (const word of text.split(' ')) {
    const size = visible(word);
    const space = line === '' ? 0 : 1;
    if (length > 0 && length + space + size > room) {
      lines.push(line);
      line = word;
      length = size;
    } else {
      line += space === 0 ? word : ` ${word}`;
      length += size + space;
    }
  }
  lines.push(line);
  return first + lines.join(`\n${' '.repeat(indent)}`);
}

const visible = (text: string): number => text.replace(/\u001b\[\d+m/g, '').length;

export function percent(probability: number): string {
  // Nothing is ever sure.
  return probability > 0.9995 ? '> 99.9 %' : `${(probability * 100).toFixed(1)} %`;
}

/** The sum against the thresholds, a point a column and a little. */
export function bar(
  points: number,
  { probe, closing, hangUp }: Thresholds,
  paint: (text: string) => string,
  { bold, dim }: TryStyle['colors'],
): string {
  const to = Math.max(30, hangUp + 5);
  const column = (value: number): number => Math.floor(((value - BAR_FROM) / (to - BAR_FROM)) * BAR_WIDTH);
  const marks = new Map([
    [column(probe), 'p'],
    [column(closing), 'c'],
    [column(hangUp), 'h'],
  ]);
  let text = '';
  for (let i = 0; i < BAR_WIDTH; i++) {
    const mark = marks.get(i);
    text += mark === undefined ? (i < column(points) ? paint('█') : dim('·')) : bold(mark);
  }
  return text;
}
