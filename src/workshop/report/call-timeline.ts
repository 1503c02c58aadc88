import { callerOf, seconds, signed } from '../../records/log.ts';
import { printable } from '../../records/printable.ts';
import type { CallRecord } from '../../records/record.ts';
import type { LoadedRun, RunStamp } from '../eval/run.ts';
import { evidenceMoment } from './call-evidence.ts';
import { expectedOf, momentOf, resultOf, verdictOf } from './call-facts.ts';
import { callMoments, type Moment } from './call-moments.ts';
import { type Ground, groundsOf, highlighted } from './highlight.ts';
import { html, type Markup, more } from './markup.ts';
import { type Extent, extentOf, pointsPlot } from './points-plot.ts';
import type { ReportCall, ReportSide } from './report-calls.ts';
import { sameCourse } from './same-course.ts';
import { count, plain } from './words.ts';

/** Everything that is known of one call; with two runs, both side by side where they differ. */
export function callTimeline(one: ReportCall, run: LoadedRun, against: LoadedRun | null): Markup {
  const { now, before, anchor, flip } = one;
  const both = before !== null && against !== null && !sameCourse(before.call, now.call);
  const sides = both
    ? [
        { title: 'Before', side: before, run: against },
        { title: 'This run', side: now, run },
      ]
    : [{ title: '', side: now, run }];
  const extent = extentOf(sides.map(({ side, run }) => ({ call: side.call, stamp: run.run.stamp })));
  const { wrong, knownMiss } = now.call;
  return html`<article class="call" id="${anchor}" tabindex="-1" aria-label="Timeline of ${printable(one.key, 200)}">
  <p class="meta">Expected: ${expectedOf(now.call)}. ${resultOf(now.call) === 'as expected' ? 'As expected.' : ''}</p>
  ${wrong === null ? null : html`<ul class="differences">${wrong.differences.slice(0, 20).map((text) => html`<li>${printable(text)}</li>`)}</ul>`}
  ${knownMiss === null ? null : html`<p>Known miss: ${printable(knownMiss)}</p>`}
  ${flip === null ? null : html`<p><b>Flipped</b>: ${printable(flip.why)}</p>`}
  ${before !== null && against !== null && !both ? html`<p class="meta">Both runs gave the same verdict, evidence and second.</p>` : null}
  <div class="${both ? 'pair' : 'single'}">${sides.map(({ title, side, run }, i) => oneSide(title, side, run, extent, `plot-${one.index}-${i}`))}</div>
  </article>`;
}

function oneSide(title: string, side: ReportSide, { run }: LoadedRun, extent: Extent, plotId: string): Markup {
  const { call } = side;
  const { moments, left } = callMoments(side);
  const grounds = groundsOf(call.record?.evidence ?? [], call.result.transcript);
  return html`<section class="side">
  ${title === '' ? null : html`<h3>${title} <small>${run.id}</small></h3>`}
  ${call.record === null ? html`<p>The guard wrote no record of this call.</p>` : pointsPlot(call, run.stamp, extent, plotId)}
  ${facts(side)}
  <ol class="turns">${moments.map((moment) => momentLine(moment, grounds, run.stamp))}</ol>
  ${more(left, 'moments of this call')}
  ${call.record === null ? null : footnotes(call.record)}
  </section>`;
}

function facts({ call }: ReportSide): Markup {
  const { record, result } = call;
  const rows: [string, string | null][] = [
    ['Verdict', verdictOf(call)],
    ['Decided', record?.decidedTurn === undefined ? null : momentOf(record.decidedTurn, record.decidedCallMs)],
    ['Points', record === null ? null : `${signed(record.points)}, ${likely(record.probability)} likely unwanted`],
    ['Reason', record?.reason === undefined ? null : printable(record.reason)],
    ['Protected', record?.protectedBy === undefined ? null : printable(record.protectedBy)],
    [
      'Ended',
      `${record === null ? result.endedBy : plain(record.outcome)} (${printable(result.how, 60)}), after ${seconds(result.callMs)} and ${count(result.callerWords, 'word')}`,
    ],
    [
      'Caller',
      record === null ? null : `${record.direction}, ${callerOf(record, false)}, agent ${printable(record.agent, 60)}`,
    ],
  ];
  return html`<dl class="facts">${rows.map(([name, value]) => (value === null ? null : html`<div><dt>${name}</dt><dd>${value}</dd></div>`))}</dl>`;
}

function momentLine(moment: Moment, grounds: ReadonlyMap<number, readonly Ground[]>, stamp: RunStamp): Markup {
  switch (moment.type) {
    case 'said': {
      const who = moment.turn === null ? 'Agent' : `Caller, turn ${moment.turn}`;
      const at = moment.atMs === null ? '' : `, ${seconds(moment.atMs)}`;
      const words = highlighted(moment.text, moment.turn === null ? [] : (grounds.get(moment.index) ?? []));
      return html`<li class="${moment.role === 'agent' ? 'agent' : 'caller'}"><p class="meta">${who}${at}</p><p class="words">${words}</p></li>`;
    }
    case 'evidence':
      return evidenceMoment(moment.of, moment.before, stamp.weights.content);
    case 'rung': {
      const { from, to, callMs, why } = moment.of;
      return html`<li class="rung"><p class="meta">${seconds(callMs)}</p><p><b>${plain(from)} → ${plain(to)}</b> ${printable(why, 300)}</p></li>`;
    }
    case 'probe': {
      const { kind, result, why, callMs } = moment.of;
      return html`<li class="probe"><p class="meta"><span class="nr">${moment.number}</span> ${seconds(callMs)}</p><p><b>Question “${plain(kind)}”: ${result}</b> ${printable(why, 300)}</p></li>`;
    }
  }
}

function footnotes({ versions, models = [], faults, reconnects }: CallRecord): Markup {
  const system = versions.system === undefined ? '' : `, system prompt ${versions.system}`;
  const hashes = `Guard ${versions.guard}, code ${versions.code}, weights ${versions.weights}, config ${versions.config}, prompts ${versions.prompts}${system}.`;
  const asked = models.map(({ model, purpose, requests, inputTokens, cachedTokens, outputTokens, cost }) => {
    const cached = cachedTokens > 0 ? ` (${cachedTokens} cached)` : '';
    const price = cost === null ? 'no price' : `cost ${cost.toFixed(5)}`;
    return `${purpose}: ${model}, ${count(requests, 'request')}, ${inputTokens} tokens in${cached}, ${outputTokens} out, ${price}.`;
  });
  const broke = faults.slice(0, 20).map((fault) => `Fault: ${fault}.`);
  const again = reconnects > 0 ? [`Reconnected ${reconnects} times.`] : [];
  return html`<ul class="footnotes">${[...asked, ...broke, ...again, hashes].map((line) => html`<li>${printable(line)}</li>`)}</ul>`;
}

function likely(probability: number | null): string {
  if (typeof probability !== 'number') return '–';
  // Nothing is ever sure.
  return probability > 0.9995 ? '> 99.9 %' : `${(probability * 100).toFixed(1)} %`;
}
