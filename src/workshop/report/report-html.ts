import { timeOf } from '../../records/log.ts';
import { assets, jsonBlock } from './assets.ts';
import { html, type Markup } from './markup.ts';
import { reportCalls } from './report-calls.ts';
import type { ReportInput } from './report-input.ts';
import { callsSection, searchTexts } from './section-calls.ts';
import { anchorsOf, changesSection } from './section-changes.ts';
import { flakySection, modelsSection, versionsSection } from './section-details.ts';
import { gatesSection, resultsSection } from './section-results.ts';
import { timesSection } from './section-times.ts';
import { wrongSection } from './section-wrong.ts';
import { caveats, standing, verdictSentence } from './verdict-sentence.ts';

/**
 * The report as one page that needs nothing else: styles, script and drawings are in it, and its policy forbids the
 * rest. Opens without a script too; then only the filter is missing.
 */
export function reportHtml(input: ReportInput): string {
  const { style, script, policy } = assets();
  const calls = reportCalls(input);
  const { run } = input.run;
  const anchors = anchorsOf(calls);
  const changes = changesSection(input, anchors);
  const flaky = flakySection(input);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>hangup-guard eval ${run.id}</title>
<link rel="icon" href="data:,">
<style>${style}</style></head>
<body>
<a class="skip" href="#calls">Skip to the calls</a>
${header(input)}
<nav aria-label="Sections"><ul>${changes === null ? null : html`<li><a href="#changes">What changed</a></li>`}<li><a href="#gates">Gates</a></li><li><a href="#results">People and machines</a></li><li><a href="#times">Time to hang-up</a></li><li><a href="#wrong">What went wrong</a></li><li><a href="#calls">All calls</a></li>${flaky === null ? null : html`<li><a href="#flaky">Flaky</a></li>`}<li><a href="#models">Models</a></li><li><a href="#versions">Versions</a></li></ul></nav>
<main>${changes}${gatesSection(input)}${resultsSection(input)}${timesSection(input)}${wrongSection(calls, anchors)}${callsSection(input, calls)}${flaky}${modelsSection(input)}${versionsSection(input)}</main>
<footer><p class="meta">Made by hangup-guard ${run.stamp.guard}. Numbers of callers are masked.</p></footer>
<script type="application/json" id="report-data">${jsonBlock({ texts: searchTexts(calls) })}</script>
<script>${script}</script>
</body></html>
`.toString();
}

function header(input: ReportInput): Markup {
  const { run } = input.run;
  const stands = standing(input);
  const [mark, word] = stands === 'failed' ? ['✕', 'Failed'] : ['✓', stands === 'passed' ? 'Passed' : 'Played'];
  return html`<header class="title"><p class="meta">hangup-guard eval</p>
<h1>Run ${run.id}</h1>
<p class="meta">${timeOf(run.startedAt)}, ${input.run.calls.length} calls${input.against === undefined ? '' : `, compared with run ${input.against.run.run.id}`}</p>
<p class="verdict ${stands === 'failed' ? 'failed' : 'passed'}"><strong><span class="mark" aria-hidden="true">${mark}</span> ${word}</strong> ${verdictSentence(input)}</p>
<p class="note measured">${input.summary.measuredNote}</p>
${caveats(input).map((text) => html`<p class="note">${text}</p>`)}</header>`;
}
