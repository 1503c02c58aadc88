import type { LineChange } from './diff.ts';

/** Lines around a change that are shown with it. */
const CONTEXT = 2;
/** Above this many cells of the table (2 bytes each) the texts are taken for two different ones. */
const MOST_CELLS = 16_000_000;
/** A text that was changed beyond this is not shown line by line to its end. */
const MOST_LINES = 2_000;

/**
 * What changed from one text to another: changed lines with two lines around them, `…` where lines are left out.
 * Empty when the texts are the same line by line.
 */
export function lineChanges(from: string, to: string): LineChange[] {
  const lines = aligned(linesOf(from), linesOf(to));
  const changed = lines.flatMap(({ type }, index) => (type === 'same' ? [] : [index]));
  const found: LineChange[] = [];
  let next = 0;
  for (const index of changed) {
    const start = Math.max(next, index - CONTEXT);
    if (start > next && found.length > 0) found.push({ type: 'same', text: '…' });
    const end = Math.min(lines.length, index + CONTEXT + 1);
    found.push(...lines.slice(start, Math.max(start, end)));
    next = Math.max(next, end);
  }
  return found.length <= MOST_LINES
    ? found
    : [...found.slice(0, MOST_LINES), { type: 'same', text: `… and ${found.length - MOST_LINES} more lines` }];
}

const linesOf = (text: string): string[] => {
  const lines = text.split(/\r?\n/);
  // A line break at the end ends the last line; it does not begin another.
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/** Both texts as one list of lines, by their longest common subsequence. */
function aligned(a: readonly string[], b: readonly string[]): LineChange[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  return [
    ...a.slice(0, head).map(line('same')),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(line('same')),
  ];
}

const line =
  (type: LineChange['type']) =>
  (text: string): LineChange => ({ type, text });

function middle(a: readonly string[], b: readonly string[]): LineChange[] {
  const width = b.length + 1;
  if (a.length === 0 || b.length === 0 || (a.length + 1) * width > MOST_CELLS) {
    return [...a.map(line('removed')), ...b.map(line('added'))];
  }
  // Cell (i, j): how many lines a[i..] and b[j..] have in common. Below 65,536, since MOST_CELLS bounds the shorter one.
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const found: LineChange[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      found.push({ type: 'same', text: left });
      i++;
      j++;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      found.push({ type: 'removed', text: left });
      i++;
    } else if (right !== undefined) {
      found.push({ type: 'added', text: right });
      j++;
    }
  }
  return found;
}
