import type { CallState, Scored } from '../guard/state.ts';
import { seconds, signed } from '../records/log.ts';
import { printable } from '../records/printable.ts';
import { counted, type EvidenceChange, type SaidLine, type TryStep } from '../workshop/try/step.ts';
import { bar, percent, type TryStyle, wrap } from './try-style.ts';

/** Room for the time and the speaker. */
const SPEAKER = 8;
const INDENT = 11 + SPEAKER;
/** Room for the mark, points and name of evidence. */
const REASON_INDENT = 43;
const MAX_TEXT = 6_000;

/** One step: who said what, then what the guard makes of it. */
export function stepText(step: TryStep, style: TryStyle): string {
  const { colors } = style;
  const said = step.said.map((one) => ({ atMs: one.fromMs, line: saidText(one, style) }));
  const asked = step.asked.map(({ kind, atMs }) => ({
    atMs,
    line: colors.cyan(`${seconds(atMs).padStart(9)}  ${'guard'.padEnd(SPEAKER)}asks "${kind}"`),
  }));
  const lines = [...said, ...asked].sort((a, b) => a.atMs - b.atMs).map(({ line }) => line);
  for (const { kind, result, why } of step.answered) {
    lines.push(colors.cyan(wrap('', printable(`"${kind}": ${result}, ${why}`), style, INDENT)));
  }
  lines.push(...evidenceText(step.evidence, step.changes, style), verdictText(step, style));
  return `${lines.join('\n')}\n${style.interactive ? '\n' : ''}`;
}

function saidText({ who, text, fromMs, cut, unfinished, over, digit }: SaidLine, style: TryStyle): string {
  const { bold, dim } = style.colors;
  const said = digit === true ? `presses ${printable(text)}` : printable(text, MAX_TEXT);
  const note =
    cut === true
      ? ' – (cut off)'
      : unfinished === true
        ? ' … (has more to say)'
        : over === true
          ? ' (over the agent)'
          : '';
  const head = `${seconds(fromMs).padStart(9)}  ${who.padEnd(SPEAKER)}`;
  return wrap(head, (who === 'agent' ? bold(said) : said) + dim(note), style, INDENT);
}

/** Evidence that counts, what is new first; then what is gone. */
function evidenceText(evidence: readonly Scored[], changes: readonly EvidenceChange[], style: TryStyle): string[] {
  const { colors } = style;
  const changed = new Map(changes.map((one) => [one.signal, one]));
  const lines = evidence
    .filter((one) => counted(one) !== 0)
    .sort((a, b) => Number(changed.has(b.signal)) - Number(changed.has(a.signal)) || b.points - a.points)
    .map((one) => {
      const change = changed.get(one.signal);
      const was = change !== undefined && change.from !== 0 ? ` (was ${signed(change.from)})` : '';
      if (change === undefined)
        return colors.dim(cut(evidenceLine({ ...one, quote: '' }, { ...style, width: 400 }), style));
      const line = evidenceLine(one, style, change.change, was);
      return one.points > 0 ? colors.red(line) : colors.green(line);
    });
  for (const { signal, change, from } of changes) {
    if (change === 'gone') lines.push(colors.green(`    gone         ${signal} (was ${signed(from)})`));
  }
  return [...lines, ...capText(evidence, style)];
}

function evidenceLine(one: Omit<Scored, 'group'>, style: TryStyle, mark = '', was = ''): string {
  const name = printable(`${one.signal} ${one.level}`, 60);
  const words = (one.quote ?? '') === '' ? '' : `  “${printable(one.quote ?? '', 120)}”`;
  const head = `${mark.padStart(8)} ${signed(one.points).padStart(6)}  ${name}`;
  return wrap(head, `${printable(one.reason, 200)}${was}${words}`, style, REASON_INDENT);
}

const cut = (line: string, { width }: TryStyle): string =>
  line.length < width ? line : `${line.slice(0, width - 2)}…`;

/** Where a group counts less than its evidence adds up to. */
function capText(evidence: readonly Scored[], { groups, colors }: TryStyle): string[] {
  const sums = new Map<string, number>();
  for (const one of evidence) sums.set(one.group, (sums.get(one.group) ?? 0) + counted(one));
  return [...sums].flatMap(([group, sum]) => {
    const cap = groups[group];
    const capped = cap === undefined ? sum : Math.min(cap.max, Math.max(cap.min, sum));
    return capped === sum
      ? []
      : [
          colors.dim(
            `         ${signed(capped).padStart(6)}  is the most that group ${group} counts, of ${signed(sum)}`,
          ),
        ];
  });
}

function verdictText(step: TryStep, { colors, thresholds }: TryStyle): string {
  const { points, moved, probability, rung, category, rule } = step;
  const by = Math.abs(moved) < 0.05 ? '' : ` (${signed(moved)})`;
  const paint = rung === 'continue' ? colors.green : rung === 'probe' ? colors.yellow : colors.red;
  const { probe, closing, hangUp } = thresholds;
  const limits = `p probe ${signed(probe)}, c closing ${signed(closing)}, h hang up ${signed(hangUp)}`;
  const lines = [
    `        ${bar(points, thresholds, paint, colors)}  ${colors.bold(`${signed(points)} points`)}${by}`,
    `        ${percent(probability)} likely unwanted, rung ${paint(rung)}${category === null ? '' : `, ${category}`}`,
    colors.dim(`        ${limits}`),
  ];
  if (rule !== null) lines.push(`        ${colors.cyan(printable(`${rule.name}: ${rule.reason}`))}`);
  return lines.join('\n');
}

/** All evidence, also what weighs nothing or is only watched. */
export function allEvidenceText(state: CallState, style: TryStyle): string {
  const lines = Object.values(state.scored)
    .sort((a, b) => b.points - a.points)
    .map((one) => {
      const values = Object.entries(one.values ?? {}).map(([name, value]) => `${name} ${Number(value.toFixed(3))}`);
      const more = [one.group, one.category ?? '', one.shadow ? 'shadow: not counted' : '', ...values];
      return `${evidenceLine(one, style)}\n${style.colors.dim(`${' '.repeat(17)}${printable(more.filter(Boolean).join(', '))}`)}`;
    });
  const reason = 'share of unwanted calls before anything is known';
  const prior = evidenceLine({ signal: 'prior', level: '', points: style.priorPoints, reason }, style);
  return `${[prior, ...lines, ...capText(Object.values(state.scored), style)].join('\n')}\n`;
}
