import { seconds, signed } from '../../records/log.ts';
import { printable } from '../../records/printable.ts';
import { expectedOf, hangUpAt, isHungUp, resultOf, verdictOf } from './call-facts.ts';
import { callTimeline } from './call-timeline.ts';
import { html, type Markup } from './markup.ts';
import { linkTo, MAX_ROWS, type ReportCall } from './report-calls.ts';
import type { ReportInput } from './report-input.ts';
import { count, plain } from './words.ts';

/** By what the table is filtered, and how many values of each have a chip. */
const CHIPS = ['kind', 'result', 'category', 'language'] as const;
const MAX_CHIPS = 16;

const COLUMNS = [
  { name: 'Call', by: 'order' },
  { name: 'Result', by: 'result' },
  { name: 'Expected', by: 'expected' },
  { name: 'Verdict', by: 'verdict' },
  { name: 'Turn', by: 'turn' },
  { name: 'Seconds', by: 's' },
  { name: 'Words', by: 'words' },
  { name: 'Points', by: 'points' },
] as const;
const isNumber = (by: string): boolean => ['turn', 's', 'words', 'points'].includes(by);

/** Every call: a table that can be filtered and sorted, each row with its timeline. */
export function callsSection({ run, against }: ReportInput, calls: readonly ReportCall[]): Markup {
  const rows = calls.map((one) => ({ one, facts: factsOf(one) }));
  const drawn = calls.filter(({ hasTimeline }) => hasTimeline).length;
  const left = run.calls.length - calls.length;
  return html`<section id="calls" aria-labelledby="calls-h"><h2 id="calls-h">All calls</h2>
  ${drawn === calls.length ? null : html`<p class="note">Timelines are drawn of ${drawn} of ${count(run.calls.length, 'call')}: first of those that are wrong, flipped, were asked or hung up on.</p>`}
  ${left === 0 ? null : html`<p class="note">The table has the first ${count(MAX_ROWS, 'call')}; ${left} more are in the JSON report.</p>`}
  <form class="filter" id="filter" hidden role="search" aria-label="Filter calls">
    <p><label for="filter-text">Find in names, words, reasons</label> <input id="filter-text" type="search" autocomplete="off" spellcheck="false"></p>
    ${CHIPS.map((by) =>
      chips(
        by,
        rows.map(({ facts }) => facts[by]),
      ),
    )}
    <p class="filter-foot"><output id="filter-count" aria-live="polite">${count(calls.length, 'call')}</output> <button type="button" id="filter-clear">Show all</button> <button type="button" id="open-shown">Open those shown</button> <button type="button" id="close-all">Close all</button></p>
  </form>
  <div class="calls-box"><table class="data calls" id="calls-table"><thead><tr>${COLUMNS.map(({ name, by }) => html`<th scope="col" class="${isNumber(by) ? 'num' : ''}" data-by="${by}"${by === 'order' ? html` aria-sort="ascending"` : null}><span class="th">${name}</span></th>`)}</tr></thead>
  ${rows.map(({ one, facts }) => callRow(one, facts, run, against?.run ?? null))}
  </table></div></section>`;
}

interface RowFacts {
  readonly kind: string;
  readonly result: string;
  readonly category: string;
  readonly language: string;
}

function factsOf({ now: { call } }: ReportCall): RowFacts {
  return {
    kind: call.result.kind,
    result: resultOf(call),
    category: isHungUp(call) ? plain(call.record?.category ?? 'none') : 'not hung up on',
    language: printable(call.result.language, 20) || 'none',
  };
}

function chips(by: (typeof CHIPS)[number], values: readonly string[]): Markup | null {
  const counts = new Map<string, number>();
  for (const one of values) counts.set(one, (counts.get(one) ?? 0) + 1);
  if (counts.size < 2) return null;
  const shown = [...counts].sort(([, a], [, b]) => b - a).slice(0, MAX_CHIPS);
  return html`<fieldset class="chips"><legend>${by}</legend>${shown.map(([name, calls]) => html`<button type="button" aria-pressed="false" data-chip="${by}" data-value="${name}">${name} <span class="num">${calls}</span></button>`)}</fieldset>`;
}

function callRow(
  one: ReportCall,
  facts: RowFacts,
  run: ReportInput['run'],
  against: ReportInput['run'] | null,
): Markup {
  const { call } = one.now;
  const at = hangUpAt(call);
  const points = call.record?.points;
  const ms = at?.ms ?? call.result.callMs;
  const name = html`<bdi>${printable(one.key, 200)}</bdi>`;
  const turn = at?.turn ?? null;
  const was =
    one.flip === null || one.before === null
      ? null
      : html`<br><span class="meta">before: ${verdictOf(one.before.call)}</span>`;
  return html`<tbody data-call="${one.index}" data-kind="${facts.kind}" data-result="${facts.result}" data-category="${facts.category}" data-language="${facts.language}" data-order="${one.index}" data-expected="${expectedOf(call)}" data-verdict="${verdictOf(call)}" data-turn="${turn ?? ''}" data-s="${ms / 1_000}" data-words="${call.result.callerWords}" data-points="${points ?? ''}">
  <tr class="row"><th scope="row" data-label="Call">${one.hasTimeline ? html`<a class="open" href="${linkTo(one.anchor)}">${name}</a>` : name}<br><span class="meta">${facts.kind}, ${facts.language}, ${call.direction}</span></th>
  <td data-label="Result">${resultMark(facts.result)}${one.flip === null ? null : html` <span class="tag">flipped</span>`}</td>
  <td data-label="Expected">${expectedOf(call)}</td><td data-label="Verdict">${verdictOf(call)}${was}</td>
  <td class="num" data-label="Turn">${turn ?? '–'}</td><td class="num" data-label="Seconds" title="${seconds(ms)}">${(ms / 1_000).toFixed(1)}</td>
  <td class="num" data-label="Words">${call.result.callerWords}</td><td class="num" data-label="Points">${signed(points)}</td></tr>
  ${one.hasTimeline ? html`<tr class="opens"><td colspan="${COLUMNS.length}"><details><summary>Timeline of ${name}</summary>${callTimeline(one, run, against)}</details></td></tr>` : null}</tbody>`;
}

function resultMark(result: string): Markup {
  const sign =
    result === 'as expected'
      ? '✓'
      : result === 'known miss'
        ? '~'
        : ['not recorded', 'nothing expected'].includes(result)
          ? '·'
          : '✕';
  return html`<span class="result ${sign === '✕' ? 'is-wrong' : ''}"><span class="mark" aria-hidden="true">${sign}</span> ${result}</span>`;
}

/** What the filter looks through of one call. */
const SEARCH_CHARS = 2_000;
/** Of all calls together: the page must open. */
const ALL_SEARCH_CHARS = 4_000_000;

/** Words of each call for the filter of the browser: names, tags, reasons, what was said. */
export function searchTexts(calls: readonly ReportCall[]): string[] {
  const each = Math.min(SEARCH_CHARS, Math.floor(ALL_SEARCH_CHARS / Math.max(1, calls.length)));
  return calls.map(({ key, now: { call } }) => {
    const signals = (call.record?.evidence.at(-1)?.evidence ?? []).map(({ signal }) => signal);
    const said = call.result.transcript.map(({ text }) => text.slice(0, each));
    const all = [key, ...call.tags, verdictOf(call), expectedOf(call), ...signals, call.record?.reason ?? '', ...said];
    return printable(all.join(' ').slice(0, each * 2), each).toLowerCase();
  });
}
