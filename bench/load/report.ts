import Table from 'cli-table3';

/** One figure that has a target. */
export interface Finding {
  readonly what: string;
  readonly value: number;
  readonly unit: '×' | 'ms' | 'KB';
  readonly target: { readonly atLeast: number } | { readonly atMost: number };
  /** Beyond this the run fails. Default: half the target, or twice it. */
  readonly failsAt?: number;
}

/** What one part of the bench measured. */
export interface PartResult {
  readonly name: string;
  readonly title: string;
  /** One row a server; the first column names it. */
  readonly rows: readonly Readonly<Record<string, string | number>>[];
  readonly findings: readonly Finding[];
  /** Whatever a reader must know to trust the figures: lost calls, late frames, parts left out. */
  readonly notes: readonly string[];
}

export type Judgement = 'met' | 'missed' | 'failed';

/** `missed`: the target is missed, but a noisy machine may be the reason; `failed`: it is not. */
export function judge({ value, target, failsAt }: Finding): Judgement {
  const [wanted, better] = 'atLeast' in target ? [target.atLeast, 1] : [target.atMost, -1];
  const limit = failsAt ?? (better === 1 ? wanted / 2 : wanted * 2);
  if (!((value - limit) * better >= 0)) return 'failed';
  return (value - wanted) * better >= 0 ? 'met' : 'missed';
}

export function printPart({ title, rows, findings, notes }: PartResult): string {
  const lines = [`\n${title}`];
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length > 0) {
    const table = plainTable(
      columns,
      columns.map((_name, i) => (i === 0 ? 'left' : 'right')),
    );
    for (const row of rows) table.push(columns.map((column) => shown(row[column])));
    lines.push(table.toString());
  }
  if (findings.length > 0) {
    const table = plainTable(['figure', 'measured', 'target', ''], ['left', 'right', 'right', 'left']);
    for (const finding of findings) {
      const { what, value, unit, target } = finding;
      const wanted = 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
      table.push([what, `${shown(value)} ${unit}`, `${wanted} ${unit}`, judge(finding)]);
    }
    lines.push(table.toString());
  }
  return [...lines, ...notes.map((note) => `  note: ${note}`)].join('\n');
}

function plainTable(head: string[], colAligns: ('left' | 'right')[]) {
  return new Table({ head, colAligns, style: { head: [], border: [], compact: true } });
}

function shown(value: string | number | undefined): string {
  if (typeof value !== 'number') return value ?? '';
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  return size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(2);
}
