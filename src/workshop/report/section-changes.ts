import { printable } from '../../records/printable.ts';
import type { Flip, Moved } from '../eval/diff.ts';
import { countsLine, flipGroups, movedBy, probesMoved } from '../eval/diff-phrases.ts';
import { hangUpAt, momentOf, verdictOf } from './call-facts.ts';
import { bounded, html, type Markup, more } from './markup.ts';
import { linkTo, type ReportCall } from './report-calls.ts';
import type { ReportInput } from './report-input.ts';
import { editsList } from './section-edits.ts';

/** Listed of each kind. */
const MAX_FLIPS = 200;
const MAX_MOVED = 100;
const MAX_NAMES = 20;

/** Ids of calls whose timeline is on the page, by key. */
export type Anchors = ReadonlyMap<string, string>;

export function anchorsOf(calls: readonly ReportCall[]): Anchors {
  return new Map(calls.filter(({ hasTimeline }) => hasTimeline).map(({ key, anchor }) => [key, anchor]));
}

/** What changed since the other run: whether it is chance, the edits, flips first, then what moved. */
export function changesSection(input: ReportInput, anchors: Anchors): Markup | null {
  if (input.against === undefined) return null;
  const { diff } = input.against;
  const moved = bounded(diff.moved, MAX_MOVED);
  return html`<section id="changes" aria-labelledby="changes-h"><h2 id="changes-h">What changed</h2>
  <p class="meta">${printable(diff.a)} → ${printable(diff.b)}: ${printable(countsLine(diff))}.</p>
  <p class="lead">${printable(diff.chance.sentence, 1_000)}</p>
  <h3>Edited</h3>${editsList(diff.edits)}
  ${diff.flips.length === 0 ? html`<h3>Flipped</h3><p>No call came out differently.</p>` : flipLists(diff.flips, anchors)}
  ${diff.moved.length === 0 ? null : html`<h3>Moved <span class="count">${diff.moved.length}</span></h3><p class="meta">The same verdict, at another moment or with other points.</p>${movedTable(moved.shown, anchors)}${more(moved.left, 'calls that moved')}`}
  ${nameLine('Only in the earlier run', diff.onlyA)}${nameLine('Only in this run', diff.onlyB)}${nameLine('Not compared, as answers of their model are not recorded', diff.unrecorded)}
  </section>`;
}

function flipLists(flips: readonly Flip[], anchors: Anchors): Markup[] {
  let room = MAX_FLIPS;
  return flipGroups(flips).map(({ title, flips: group }) => {
    const { shown, left } = bounded(group, room);
    room -= shown.length;
    return html`<h3>${title} <span class="count">${group.length}</span></h3><ol class="cards">${shown.map((flip) => flipCard(flip, anchors))}</ol>${more(left, 'flips')}`;
  });
}

function flipCard({ key, a, b, better, cause, why }: Flip, anchors: Anchors): Markup {
  // Somebody who is now cut off is worse, whatever was wrong with the call before.
  const isCutNow = b.wrong?.kind === 'cut' && a.wrong?.kind !== 'cut';
  const isBetter = isCutNow ? false : better;
  const [name, sign] = isBetter === null ? ['different', '≠'] : isBetter ? ['better', '✓'] : ['worse', '✕'];
  const when = (call: typeof a): string => {
    const at = hangUpAt(call);
    return at === null ? '' : ` (${momentOf(at.turn, at.ms)})`;
  };
  return html`<li class="card ${name}"><p class="card-head"><span class="mark" aria-hidden="true">${sign}</span> ${callLink(key, anchors)} <span class="tag">${name}</span> <span class="tag">cause: ${cause}</span></p>
  <p>${verdictOf(a)}${when(a)} → <b>${verdictOf(b)}</b>${when(b)}</p><p class="meta">${printable(why)}</p></li>`;
}

function movedTable(moved: readonly Moved[], anchors: Anchors): Markup {
  const rows = moved.map(({ key, a, b, turns, ms, points, cause }) => {
    const by = movedBy(turns, ms, points).map((text) => html`<td class="num">${text || '·'}</td>`);
    return html`<tr><th scope="row">${callLink(key, anchors)}</th>${by}<td>${probesMoved(a, b) || '·'}</td><td>${cause}</td></tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Moved calls"><table class="data"><thead><tr><th scope="col">Call</th><th scope="col" class="num">Turns</th><th scope="col" class="num">Time</th><th scope="col" class="num">Points</th><th scope="col">Questions</th><th scope="col">Cause</th></tr></thead>
  <tbody>${rows}</tbody></table></div>`;
}

function nameLine(title: string, keys: readonly string[]): Markup | null {
  if (keys.length === 0) return null;
  const { shown, left } = bounded(keys, MAX_NAMES);
  return html`<p class="meta">${title} (${keys.length}): ${shown.map((key) => printable(key, 100)).join(', ')}${left > 0 ? ` … and ${left} more` : ''}.</p>`;
}

/** The name of a call, as a link where its timeline is on the page. */
export function callLink(key: string, anchors: Anchors): Markup {
  const anchor = anchors.get(key);
  const name = html`<bdi>${printable(key, 200)}</bdi>`;
  return anchor === undefined ? name : html`<a href="${linkTo(anchor)}">${name}</a>`;
}
