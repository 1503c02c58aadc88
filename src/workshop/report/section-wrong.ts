import { seconds, signed } from '../../records/log.ts';
import { printable } from '../../records/printable.ts';
import type { EvidenceOfTurn } from '../../records/record.ts';
import { type EvalCall, WRONG_KINDS } from '../eval/run.ts';
import { signalLine } from './call-evidence.ts';
import { momentOf, resultOf, verdictOf, WRONG_TITLES } from './call-facts.ts';
import { bounded, html, type Markup, more } from './markup.ts';
import type { ReportCall } from './report-calls.ts';
import { type Anchors, callLink } from './section-changes.ts';

/** Listed of each kind, and evidence shown of each call. */
const MAX_LISTED = 100;
const MAX_EVIDENCE = 4;

/** What went wrong, worst first: where in the call, and what it rested on. */
export function wrongSection(calls: readonly ReportCall[], anchors: Anchors): Markup {
  const kinds = [...WRONG_KINDS, 'known miss'] as const;
  const groups = kinds.map((kind) => ({ kind, of: calls.filter(({ now }) => resultOf(now.call) === kind) }));
  const found = groups.filter(({ of }) => of.length > 0);
  return html`<section id="wrong" aria-labelledby="wrong-h"><h2 id="wrong-h">What went wrong</h2>
  ${found.length === 0 ? html`<p>Nothing: every call came out as expected.</p>` : null}
  ${found.map(({ kind, of }) => {
    const { shown, left } = bounded(of, MAX_LISTED);
    const title = kind === 'known miss' ? 'Known misses' : WRONG_TITLES[kind];
    return html`<h3>${title} <span class="count">${of.length}</span></h3><ol class="cards">${shown.map((one) => card(one.now.call, anchors))}</ol>${more(left, 'calls')}`;
  })}</section>`;
}

function card(call: EvalCall, anchors: Anchors): Markup {
  const { wrong, knownMiss, key } = call;
  const at = evidenceAt(call);
  const isCut = wrong?.kind === 'cut';
  return html`<li class="card ${isCut ? 'worse' : ''}"><p class="card-head"><span class="mark" aria-hidden="true">${knownMiss === null || isCut ? '✕' : '~'}</span> ${callLink(key, anchors)} <span class="tag">${momentOf(wrong?.turn, wrong?.callMs)}</span></p>
  <p>${verdictOf(call)}: ${printable((wrong?.differences ?? []).slice(0, 5).join('; '))}</p>
  ${knownMiss === null ? null : html`<p class="meta">Known: ${printable(knownMiss)}</p>`}
  ${at === null ? null : html`<p class="meta">Evidence at turn ${at.turn}, ${seconds(at.callMs)}, ${signed(at.points)} points in all:</p><ul class="signals">${strongest(at).map(signalLine)}</ul>`}</li>`;
}

/** Evidence as it stood when it went wrong. */
function evidenceAt({ wrong, record }: EvalCall): EvidenceOfTurn | null {
  const all = record?.evidence ?? [];
  const until = wrong?.callMs ?? Number.POSITIVE_INFINITY;
  return all.filter(({ callMs }) => callMs <= until).at(-1) ?? null;
}

function strongest({ evidence }: EvidenceOfTurn): EvidenceOfTurn['evidence'] {
  return [...evidence]
    .filter(({ points }) => Math.abs(points ?? 0) >= 0.05)
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points))
    .slice(0, MAX_EVIDENCE);
}
