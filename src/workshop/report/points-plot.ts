import { seconds, signed } from '../../records/log.ts';
import type { EvalCall, RunStamp } from '../eval/run.ts';
import { hangUpAt } from './call-facts.ts';
import { html, type Markup } from './markup.ts';
import { limitsOf, type PointsAt, pointsSeries } from './points-series.ts';
import { type Scale, scale, spread } from './scale.ts';
import { count, plain } from './words.ts';

const WIDTH = 460;
const HEIGHT = 220;
const PLOT = { left: 40, right: WIDTH - 92, top: 30, bottom: HEIGHT - 36 };

/** Ends of both axes, so that two runs of a call are drawn alike. */
export interface Extent {
  readonly ms: number;
  readonly low: number;
  readonly high: number;
}

/** What has to fit in of the given calls. */
export function extentOf(calls: readonly { call: EvalCall; stamp: RunStamp }[]): Extent {
  let ms = 1_000;
  let low = -10;
  let high = 20;
  for (const { call, stamp } of calls) {
    if (call.record === null) continue;
    const { thresholds, priorPoints } = limitsOf(stamp, call);
    const points = pointsSeries(call.record, priorPoints).map((one) => one.points);
    ms = Math.max(ms, call.record.callMs);
    low = Math.min(low, ...points, thresholds.probe);
    high = Math.max(high, ...points, thresholds.hangUp);
  }
  return { ms, low: low - 2, high: high + 3 };
}

/** The sum of points over call time: a step line, the thresholds, where questions were asked and where it was decided. */
export function pointsPlot(call: EvalCall, stamp: RunStamp, extent: Extent, id: string): Markup | null {
  const { record } = call;
  if (record === null) return null;
  const { thresholds, priorPoints } = limitsOf(stamp, call);
  const series = pointsSeries(record, priorPoints);
  const x = scale(0, extent.ms, PLOT.left, PLOT.right, 5);
  const y = scale(extent.low, extent.high, PLOT.bottom, PLOT.top, 5);
  const limits = [
    { name: 'probe', points: thresholds.probe },
    { name: 'closing', points: thresholds.closing },
    { name: 'hang up', points: thresholds.hangUp },
  ];
  const labels = spread(
    limits.map(({ points }) => y.at(points)),
    15,
    PLOT.top,
    PLOT.bottom,
  );
  const asked = spread(
    record.probes.map(({ callMs }) => x.at(callMs)),
    17,
    PLOT.left + 8,
    PLOT.right - 8,
  );
  const end = hangUpAt(call);
  const top = Math.max(...series.map(({ points }) => points));
  const ended = end === null ? 'Not hung up on.' : `Hung up on at ${seconds(end.ms)}.`;
  return html`<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-t ${id}-d">
    <title id="${id}-t">Points over call time</title>
    <desc id="${id}-d">From ${signed(series[0]?.points)} to ${signed(record.points)}, at most ${signed(top)}. ${count(record.probes.length, 'question')} asked. ${ended}</desc>
    ${axes(x, y)}
    ${limits.map(
      (
        { name, points },
        i,
      ) => html`<line class="limit" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y.at(points)}" y2="${y.at(points)}"/>
    <text class="limit-name" x="${PLOT.right + 6}" y="${(labels[i] ?? 0) + 4}">${name} ${points.toFixed(0).replace('-', '−')}</text>`,
    )}
    ${record.probes.map(
      ({ kind, callMs }, i) => html`<g class="asked"><title>Question ${i + 1}: ${plain(kind)}</title>
    <line x1="${x.at(callMs)}" x2="${x.at(callMs)}" y1="${PLOT.top - 6}" y2="${PLOT.bottom}"/>
    <circle cx="${asked[i]}" cy="${PLOT.top - 14}" r="8"/><text x="${asked[i]}" y="${PLOT.top - 10}">${i + 1}</text></g>`,
    )}
    <path class="sum" d="${steps(series, x, y)}"/>
    ${series.slice(1, -1).map(({ ms, points }) => html`<circle class="dot" cx="${x.at(ms)}" cy="${y.at(points)}" r="2.6"/>`)}
    ${end === null ? null : diamond(x.at(Math.min(end.ms, extent.ms)), y.at(record.points))}
  </svg>`;
}

function axes(x: Scale, y: Scale): Markup {
  return html`<g class="axis">
    ${y.ticks.map((tick) => html`<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y.at(tick)}" y2="${y.at(tick)}"/><text class="y" x="${PLOT.left - 6}" y="${y.at(tick) + 4}">${String(tick).replace('-', '−')}</text>`)}
    ${x.ticks.map((tick) => html`<text class="x" x="${x.at(tick)}" y="${PLOT.bottom + 15}">${tick / 1_000}</text>`)}
    <line x1="${PLOT.left}" x2="${PLOT.right}" y1="${PLOT.bottom}" y2="${PLOT.bottom}"/>
    <text class="x" x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 5}">seconds of the call</text>
    <text class="name" x="2" y="12">points</text>
  </g>`;
}

function steps(series: readonly PointsAt[], x: Scale, y: Scale): string {
  return series
    .map(({ ms, points }, i) => (i === 0 ? `M${x.at(ms)} ${y.at(points)}` : `H${x.at(ms)}V${y.at(points)}`))
    .join('');
}

function diamond(x: number, y: number): Markup {
  return html`<path class="decided" d="M${x} ${y - 7}l6 7l-6 7l-6 -7z"><title>hung up on</title></path>`;
}
