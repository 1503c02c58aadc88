/** Lists in a terminal end after so many entries. */
export const MAX_LISTED = 20;

/** Breaks a line at spaces so that it fits; further lines are indented by `indent` more than the first. */
export function wrapped(line: string, width: number, indent = 2): string[] {
  const lead = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = lead;
  for (const word of line.trim().split(' ')) {
    const empty = current.trim() === '';
    if (!empty && current.length + 1 + word.length > width) {
      lines.push(current);
      current = lead + ' '.repeat(indent) + word;
    } else current += empty ? word : ` ${word}`;
  }
  return [...lines, current];
}

/** The first entries, and how many more there are. */
export function bounded<T>(entries: readonly T[], lines: (entry: T) => readonly string[], most = MAX_LISTED): string[] {
  const more = entries.length - most;
  return [...entries.slice(0, most).flatMap(lines), ...(more > 0 ? [`  … and ${more} more`] : [])];
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.01 ? 2 : 1)}%`;
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
