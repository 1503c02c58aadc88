import type { Weights } from '../../guard/weights.ts';
import { seconds, signed } from '../../records/log.ts';
import { printable } from '../../records/printable.ts';
import type { EvidenceOfTurn } from '../../records/record.ts';
import { html, type Markup, said } from './markup.ts';
import { plain } from './words.ts';

type Scored = EvidenceOfTurn['evidence'][number];

/** Points that nobody would notice. */
const NOTHING = 0.05;

/** Evidence as it stood at a moment: what is new or another since the moment before, what was withdrawn, what stays. */
export function evidenceMoment(of: EvidenceOfTurn, before: EvidenceOfTurn | null, weights: Weights): Markup {
  const earlier = new Map(before?.evidence.map((one) => [one.signal, one]));
  const isChanged = (one: Scored): boolean => {
    const was = earlier.get(one.signal);
    return was === undefined || was.level !== one.level || was.points !== one.points;
  };
  const counts = (one: Scored): boolean => Math.abs(one.points ?? 0) >= NOTHING;
  const changed = of.evidence.filter((one) => isChanged(one) && (counts(one) || earlier.has(one.signal)));
  const standing = of.evidence.filter((one) => !isChanged(one) && counts(one));
  const present = new Set(of.evidence.map(({ signal }) => signal));
  const withdrawn = (before?.evidence ?? []).filter((one) => !present.has(one.signal) && counts(one));
  const known = new Set(capped(before?.evidence ?? [], weights));
  const caps = capped(of.evidence, weights).filter((sentence) => !known.has(sentence));
  return html`<li class="evidence"><p class="meta"><strong class="sum-now">${signed(of.points)} points</strong> at ${seconds(of.callMs)}</p>
  ${changed.length + withdrawn.length === 0 ? null : html`<ul class="signals">${changed.map(signalLine)}${withdrawn.map((one) => html`<li><span class="points">0.0</span> <span><b>${plainSignal(one)}</b> withdrawn</span></li>`)}</ul>`}
  ${standing.length === 0 ? null : html`<p class="standing">Still standing: ${standing.map((one) => `${plainSignal(one)} ${signed(one.points)}`).join(', ')}.</p>`}
  ${caps.map((sentence) => html`<p class="standing">${sentence}</p>`)}</li>`;
}

/** One signal: points, name and level, why, and the words that it rests on. */
export function signalLine(one: Scored): Markup {
  const quote = one.quote === undefined ? null : html` <q>${said(one.quote, 200)}</q>`;
  const shadow = one.shadow ? html` <em>(in shadow mode: not counted)</em>` : null;
  const towards = (one.points ?? 0) > 0 ? 'bad' : 'good';
  return html`<li class="${towards}"><span class="points">${signed(one.points)}</span> <span><b>${plainSignal(one)}</b>${shadow} ${printable(one.reason, 300)}${quote}</span></li>`;
}

function plainSignal({ signal, level }: Scored): string {
  return printable(plain(`${signal}: ${level}`), 60);
}

/** Why the points do not simply add up: groups whose cap holds. */
function capped(evidence: readonly Scored[], weights: Weights): string[] {
  const sums = new Map<string, number>();
  for (const { group, points, shadow } of evidence) {
    if (!shadow) sums.set(group, (sums.get(group) ?? 0) + (points ?? 0));
  }
  return [...sums].flatMap(([group, sum]) => {
    const cap = weights.groups[group];
    if (cap === undefined || (sum <= cap.max && sum >= cap.min)) return [];
    return [
      `The group ${printable(group, 40)} counts ${signed(Math.min(cap.max, Math.max(cap.min, sum)))}, not ${signed(sum)}.`,
    ];
  });
}
