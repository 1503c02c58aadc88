import { printable } from '../../records/printable.ts';
import type { GateResult, RunStamp } from '../eval/run.ts';
import type { ConfusionCell, RunSummary } from '../eval/summary.ts';
import { html, type Markup } from './markup.ts';
import type { ReportInput } from './report-input.ts';
import { count, figure, money, percent, plain } from './words.ts';

/** Each gate with what was wanted and seen. */
export function gatesSection({ run: { run } }: ReportInput): Markup {
  return html`<section id="gates" aria-labelledby="gates-h"><h2 id="gates-h">Gates</h2>
  ${run.gates.length === 0 ? html`<p>No gates were set for this run.</p>` : html`<ul class="gates">${run.gates.map(gate)}</ul>`}</section>`;
}

function gate({ name, wanted, seen, passed }: GateResult): Markup {
  return html`<li class="${passed ? 'passed' : 'failed'}"><span class="mark" aria-hidden="true">${passed ? '✓' : '✕'}</span><span><b>${plain(printable(name, 100))}</b> <span class="tag">${passed ? 'passed' : 'failed'}</span><br><span class="num">${printable(seen, 100)}</span> <span class="meta">wanted: ${printable(wanted, 100)}</span></span></li>`;
}

/** People and machines in numbers, then who came out as what, and what that costs. */
export function resultsSection({ run, summary, against }: ReportInput): Markup {
  const before = against?.summary;
  const { people, machines } = summary;
  const was = (of: (summary: RunSummary) => string): Markup | null =>
    before === undefined ? null : html`<span class="meta">before ${of(before)}</span>`;
  return html`<section id="results" aria-labelledby="results-h"><h2 id="results-h">People and machines</h2>
  <h3>People: ${people.calls} to be served</h3>
  <dl class="figures">
  ${fact(
    'cut off',
    people.cut,
    was((s) => String(s.people.cut)),
    `with 95% certainty at most ${percent(people.cutAtMost)}`,
  )}
  ${fact(
    'asked a question',
    people.probed,
    was((s) => String(s.people.probed)),
  )}
  ${fact(
    'left without a reply',
    people.unanswered,
    was((s) => String(s.people.unanswered)),
  )}
  </dl>
  <h3>Machines: ${machines.calls} to be hung up on</h3>
  <dl class="figures">
  ${fact(
    'caught',
    `${machines.caught} of ${machines.calls}`,
    was((s) => `${s.machines.caught} of ${s.machines.calls}`),
  )}
  ${fact(
    'while still talking',
    machines.live,
    was((s) => String(s.machines.live)),
  )}
  ${fact(
    'in the right category',
    machines.rightCategory,
    was((s) => String(s.machines.rightCategory)),
  )}
  ${fact(
    'median seconds',
    figure(machines.medianS, 1),
    was((s) => figure(s.machines.medianS, 1)),
  )}
  ${fact(
    'median turns',
    figure(machines.medianTurns),
    was((s) => figure(s.machines.medianTurns)),
  )}
  ${fact(
    'median words',
    figure(machines.medianWords),
    was((s) => figure(s.machines.medianWords)),
  )}
  </dl>
  ${machines.medianS === null && machines.calls > 0 ? html`<p class="meta">A dash: half of them or more were not hung up on.</p>` : null}
  <h3>Who came out as what</h3>${confusion(summary.confusion, run.run.stamp.prices)}</section>`;
}

function fact(name: string, number: number | string, before: Markup | null, note = ''): Markup {
  return html`<div><dt>${name}</dt><dd><span class="figure">${number}</span> ${before}${note === '' ? null : html`<span class="meta">${note}</span>`}</dd></div>`;
}

const isServed = (name: string): boolean => name.startsWith('served');
/** Customers and others who are to be served stand above categories. */
const isToBeServed = (name: string): boolean => name === 'customer' || name.startsWith('other');

function confusion(cells: readonly ConfusionCell[], prices: RunStamp['prices']): Markup {
  if (cells.length === 0) return html`<p>No calls.</p>`;
  const expected = [...new Set(cells.map((cell) => cell.expected))].sort((a, b) => order(a) - order(b));
  const seen = [...new Set(cells.map((cell) => cell.seen))].sort((a, b) => order(a) - order(b));
  const price = cells.reduce((sum, cell) => sum + cell.price, 0);
  const spent = cells.some((cell) => cell.money !== null)
    ? cells.reduce((sum, cell) => sum + (cell.money ?? 0), 0)
    : null;
  const total = spent === null ? '' : ` Bad calls took time worth ${money(spent, prices)}.`;
  return html`<p>One lost customer counts as ${count(prices.lostCustomerCosts, 'wasted call')}. The mistakes of this run come to <b>${count(price, 'wasted call')}</b>.${total}</p>
  <div class="scroll" tabindex="0" role="region" aria-label="Who came out as what"><table class="data confusion"><thead><tr><th scope="col">expected ↓ &nbsp; came out as →</th>${seen.map((name) => html`<th scope="col" class="num">${plain(name)}</th>`)}<th scope="col" class="num">price</th>${spent === null ? null : html`<th scope="col" class="num">money</th>`}</tr></thead>
  <tbody>${expected.map((name) => {
    const row = cells.filter((cell) => cell.expected === name);
    return html`<tr><th scope="row">${plain(name)}</th>${seen.map((as) => cellOf(row.find((cell) => cell.seen === as)))}<td class="num">${row.reduce((sum, cell) => sum + cell.price, 0)}</td>${spent === null ? null : html`<td class="num">${money(sumOf(row), prices)}</td>`}</tr>`;
  })}</tbody></table></div>
  <p class="meta">✓ as it should be, ✕ a mistake. Prices in wasted calls: a customer cut off costs ${prices.lostCustomerCosts}, a machine served 1, all else nothing.</p>`;
}

function cellOf(cell: ConfusionCell | undefined): Markup {
  if (cell === undefined || cell.calls === 0) return html`<td class="num none">·</td>`;
  const { expected, seen, calls, price } = cell;
  const right = isRight(expected, seen);
  if (right === null) return html`<td class="num">${calls}</td>`;
  return html`<td class="num ${right ? 'right' : 'wrong'}">${calls} <span class="mark">${right ? '✓' : '✕'}</span>${price > 0 ? html`<br><span class="meta">price ${price}</span>` : null}</td>`;
}

/** Null: nothing was expected. */
function isRight(expected: string, seen: string): boolean | null {
  if (expected === 'anything') return null;
  if (isToBeServed(expected)) return isServed(seen);
  return expected === 'any category' ? !isServed(seen) && seen !== 'failed' : expected === seen;
}

function sumOf(cells: readonly ConfusionCell[]): number | null {
  const known = cells.flatMap(({ money }) => (money === null ? [] : [money]));
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0);
}

function order(name: string): number {
  if (name === 'customer' || name === 'served') return 0;
  if (isServed(name) || isToBeServed(name)) return 1;
  return name === 'anything' ? 3 : 2;
}
