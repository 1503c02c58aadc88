import { timeOf } from '../../records/log.ts';
import { printable } from '../../records/printable.ts';
import type { VariantStamp } from '../eval/run.ts';
import { bounded, html, type Markup, more } from './markup.ts';
import type { ReportInput } from './report-input.ts';
import { figure, money, percent, value } from './words.ts';

const MAX_FLAKY = 100;
const MAX_VARIANTS = 50;

/** Cases that do not always come out alike. Nothing where nothing was repeated. */
export function flakySection({ summary: { flaky, flipRate } }: ReportInput): Markup | null {
  if (flipRate === null) return null;
  const { shown, left } = bounded(flaky, MAX_FLAKY);
  return html`<section id="flaky" aria-labelledby="flaky-h"><h2 id="flaky-h">Flaky cases</h2>
  <p>${percent(flipRate)} of the cases had more than one verdict over their repeats.</p>
  ${shown.length === 0 ? null : html`<ul class="cards">${shown.map(({ key, flipRate, verdicts }) => html`<li class="card"><p class="card-head"><bdi>${printable(key, 200)}</bdi> <span class="tag">${percent(flipRate)} otherwise</span></p><p class="meta">${printable(verdicts.slice(0, 8).join(', '))}</p></li>`)}</ul>`}
  ${more(left, 'flaky cases')}</section>`;
}

/** Tokens, cost and latency of the models that answered. */
export function modelsSection({ run: { run }, summary }: ReportInput): Markup {
  const { models, latency, maxDeadAirMs, cost } = summary;
  const { prices, answers } = run.stamp;
  return html`<section id="models" aria-labelledby="models-h"><h2 id="models-h">Models</h2>
  ${
    models.length === 0
      ? html`<p>No model answered in this run.</p>`
      : html`<div class="scroll" tabindex="0" role="region" aria-label="Models"><table class="data"><thead><tr><th scope="col">Model</th><th scope="col">For</th><th scope="col" class="num">Requests</th><th scope="col" class="num">Tokens in</th><th scope="col" class="num">cached</th><th scope="col" class="num">out</th><th scope="col" class="num">Cost</th></tr></thead><tbody>${models
          .slice(0, 50)
          .map(
            (use) =>
              html`<tr><th scope="row">${printable(use.model, 100)}</th><td>${use.purpose}</td><td class="num">${use.requests}</td><td class="num">${use.inputTokens}</td><td class="num">${use.cachedTokens}</td><td class="num">${use.outputTokens}</td><td class="num">${money(use.cost, prices)}</td></tr>`,
          )}</tbody></table></div>
  <p>Cost in all: ${cost === null ? 'unknown, as a model has no prices' : money(cost, prices)}.</p>`
  }
  <p class="meta">First piece of an answer after ${latency === null ? '–' : `${figure(latency.p50Ms)} ms in the median, ${figure(latency.p95Ms)} ms at the 95th percentile`}. Longest silence while an answer was owed: ${(maxDeadAirMs / 1_000).toFixed(1)} s.</p>
  ${answers.length === 0 ? null : html`<ul>${answers.slice(0, 50).map((one) => html`<li>${one.answers} answers of ${printable(one.model, 100)} from ${one.endpoint === null ? `the ${one.type} API` : printable(one.endpoint, 200)}${one.vendor ? '' : ', which is not the vendor’s own'}, recorded ${timeOf(one.recordedFrom)} to ${timeOf(one.recordedTo)}.</li>`)}</ul>`}</section>`;
}

/** Everything that a verdict hung on. */
export function versionsSection({ run: { run, directory } }: ReportInput): Markup {
  const { stamp, plan } = run;
  const facts: [string, string][] = [
    ['Guard', `${stamp.guard}, code ${stamp.code}`],
    ['Weights', `${stamp.weights.hash}${stamp.weights.file === null ? '' : ` from ${stamp.weights.file}`}`],
    ['Fixtures', plan.fixtures.join(', ') || '–'],
    ['Data', plan.data === null ? 'none' : `${plan.data} ${plan.sets.join(', ')}`],
    [
      'Seed',
      `${plan.seed}, ${plan.repeats === 1 ? 'once' : `${plan.repeats} times`}${plan.asrNoise ? ', with errors of the speech recognition' : ''}`,
    ],
    ['Kept in', directory],
  ];
  const { shown, left } = bounded(stamp.variants, MAX_VARIANTS);
  return html`<section id="versions" aria-labelledby="versions-h"><h2 id="versions-h">Versions</h2>
  <dl class="facts">${facts.map(([name, text]) => html`<div><dt>${name}</dt><dd>${printable(text, 1_000)}</dd></div>`)}</dl>
  ${shown.map(variant)}${more(left, 'variants')}</section>`;
}

function variant({ id, config, preset, thresholds, priorPoints, prompts, responders }: VariantStamp): Markup {
  const facts: [string, string][] = [
    ['Configuration', `${config}, preset ${preset}`],
    [
      'Thresholds',
      `probe ${value(thresholds.probe)}, closing ${value(thresholds.closing)}, hang up ${value(thresholds.hangUp)}; prior ${value(priorPoints)}`,
    ],
    ['Prompts', prompts.map((one) => `${one.id} ${one.hash}`).join(', ') || '–'],
    [
      'Answered by',
      responders.map(({ name, type, model }) => `${name} (${[type, model].filter(Boolean).join(', ')})`).join(', ') ||
        '–',
    ],
  ];
  return html`<h3>${printable(id, 200)}</h3><dl class="facts">${facts.map(([name, text]) => html`<div><dt>${name}</dt><dd>${printable(text, 2_000)}</dd></div>`)}</dl>`;
}
