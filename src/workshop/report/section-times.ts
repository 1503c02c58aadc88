import { type Bin, binned, type HangUpTimes, hangUpTimes } from './hang-up-times.ts';
import { html, type Markup } from './markup.ts';
import type { ReportInput } from './report-input.ts';
import { place, type Scale, scale } from './scale.ts';
import { count } from './words.ts';

const WIDTH = 640;
const HEIGHT = 250;
const PLOT = { left: 36, right: WIDTH - 8, top: 40, bottom: HEIGHT - 50 };

/** How long it took to hang up: a histogram drawn here, and the same as a table. */
export function timesSection({ run, against }: ReportInput): Markup {
  const names = against === undefined ? ['this run'] : ['before', 'this run'];
  const runs = [...(against === undefined ? [] : [against.run]), run].map(({ calls }) => hangUpTimes(calls));
  const bins = binned(runs);
  const body =
    bins.length === 0
      ? html`<p>Nobody who was to be hung up on was hung up on.</p>`
      : html`${names.length === 1 ? null : legend(names)}${histogram(bins, runs, names)}${table(bins, runs, names)}`;
  return html`<section id="times" aria-labelledby="times-h"><h2 id="times-h">Time to hang-up</h2>
  <p class="meta">Callers who were to be hung up on, by the second at which their call was over.</p>${body}</section>`;
}

/** Of two runs the last is this one: series 1 is drawn full, series 0 as an outline. */
const series = (i: number, of: number): string => (i === of - 1 ? 'now' : 'before');

function legend(names: readonly string[]): Markup {
  return html`<ul class="legend" aria-hidden="true">${names.map((name, i) => html`<li><svg viewBox="0 0 14 14" class="key"><rect class="bar ${series(i, names.length)}" x="1" y="1" width="12" height="12"/></svg> ${name}</li>`)}</ul>`;
}

function histogram(bins: readonly Bin[], runs: readonly HangUpTimes[], names: readonly string[]): Markup {
  const columns: { name: string; calls: readonly number[]; never: boolean }[] = [
    ...bins.map(({ calls, fromS, toS }) => ({ name: toS === null ? `${fromS}+` : `${fromS}`, calls, never: false })),
    { name: 'never', calls: runs.map(({ never }) => never), never: true },
  ];
  const most = Math.max(1, ...columns.flatMap(({ calls }) => calls));
  const y = scale(0, most, PLOT.bottom, PLOT.top, Math.min(4, most));
  // One place is left free before "never", which is no second.
  const wide = (PLOT.right - PLOT.left) / (columns.length + 0.5);
  const left = (i: number): number => PLOT.left + wide * (i + (columns[i]?.never ? 0.5 : 0));
  const every = Math.ceil(bins.length / 10);
  return html`<svg class="plot wide" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="times-t times-d">
  <title id="times-t">Time to hang-up</title>
  <desc id="times-d">${names.map((name, i) => `${name}: ${count(runs[i]?.seconds.length ?? 0, 'call')} hung up on, ${runs[i]?.never ?? 0} never.`).join(' ')} The table below has the numbers.</desc>
  ${axes(y)}
  ${columns.map(
    ({ calls, name, never }, i) => html`<g>${calls.map((n, run) => bar(n, left(i), wide, run, calls.length, y, never))}
  ${!never && i % every === 0 ? html`<text class="x" x="${place(left(i))}" y="${PLOT.bottom + 19}">${name}</text>` : null}
  ${never ? html`<text class="x" x="${place(left(i) + wide / 2)}" y="${PLOT.bottom + 19}">never</text>` : null}</g>`,
  )}
  <text class="x" x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 6}">seconds of the call</text>
  <text class="name" x="2" y="16">calls</text></svg>`;
}

function bar(
  n: number,
  left: number,
  wide: number,
  run: number,
  runs: number,
  y: Scale,
  never: boolean,
): Markup | null {
  if (n === 0) return null;
  const width = (wide - 4) / runs;
  const x = left + 2 + run * width;
  const top = y.at(n);
  return html`<rect class="bar ${series(run, runs)}${never ? ' never' : ''}" x="${place(x)}" y="${top}" width="${place(Math.max(2, width - 1))}" height="${place(PLOT.bottom - top)}"/><text class="x count" x="${place(x + width / 2)}" y="${place(top - 4)}">${n}</text>`;
}

function axes(y: Scale): Markup {
  const whole = y.ticks.filter((tick) => Number.isInteger(tick));
  return html`<g class="axis">${whole.map((tick) => html`<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y.at(tick)}" y2="${y.at(tick)}"/><text class="y" x="${PLOT.left - 6}" y="${y.at(tick) + 4}">${tick}</text>`)}
  <line x1="${PLOT.left}" x2="${PLOT.right}" y1="${PLOT.bottom}" y2="${PLOT.bottom}"/></g>`;
}

function table(bins: readonly Bin[], runs: readonly HangUpTimes[], names: readonly string[]): Markup {
  return html`<details class="as-table"><summary>The same as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="Time to hang-up as a table"><table class="data"><thead><tr><th scope="col">Seconds</th>${names.map((name) => html`<th scope="col" class="num">${name}</th>`)}</tr></thead>
  <tbody>${bins.map(({ fromS, toS, calls }) => html`<tr><th scope="row">${toS === null ? `${fromS} and more` : `${fromS} to ${toS}`}</th>${calls.map((n) => html`<td class="num">${n}</td>`)}</tr>`)}
  <tr><th scope="row">never</th>${runs.map(({ never }) => html`<td class="num">${never}</td>`)}</tr></tbody></table></div></details>`;
}
