import { printable } from '../../records/printable.ts';
import type { Edits, LineChange, PromptChange } from '../eval/diff.ts';
import { isUnedited, otherEdits, thresholdLine, weightLine } from '../eval/diff-phrases.ts';
import { bounded, html, type Markup, more } from './markup.ts';

/** Listed of each kind. */
const MAX_EDITS = 100;
const MAX_PROMPTS = 20;
const MAX_LINES = 200;
const MAX_NAMES = 5;

/** What was edited between two runs: numbers from → to, prompts line by line, the rest by name. */
export function editsList(edits: Edits): Markup {
  if (isUnedited(edits)) return html`<p>Nothing was edited.</p>`;
  const several = new Set([...edits.thresholds, ...edits.prompts].map(({ variant }) => variant)).size > 1;
  const of = (variant: string): string => (several ? ` (${variant})` : '');
  const lines = [
    ...edits.weights.map((one) => ({ what: 'weight', text: weightLine(one) })),
    ...edits.thresholds.map((one) => ({ what: 'threshold', text: `${thresholdLine(one)}${of(one.variant)}` })),
    ...otherEdits(edits, names).map((line) => {
      const [what = '', ...text] = line.split(': ');
      return { what, text: text.join(': ') };
    }),
  ];
  const { shown, left } = bounded(lines, MAX_EDITS);
  const prompts = bounded(edits.prompts, MAX_PROMPTS);
  return html`${shown.length === 0 ? null : html`<ul class="edits">${shown.map(({ what, text }) => html`<li><span class="tag">${what}</span> <span class="num">${printable(text, 600)}</span></li>`)}</ul>`}
  ${more(left, 'edits')}${prompts.shown.map((one) => promptDiff(one, of(one.variant)))}${more(prompts.left, 'prompts')}`;
}

const SIGNS: Readonly<Record<LineChange['type'], string>> = { same: ' ', removed: '−', added: '+' };

function promptDiff({ id, unread, lines }: PromptChange, of: string): Markup {
  const { shown, left } = bounded(lines, MAX_LINES);
  return html`<figure class="diff"><figcaption>Prompt <b>${printable(id, 100)}</b>${printable(of, 100)}${unread ? ': no model answered, so it was not tried' : ''}</figcaption>
  <ul>${shown.map(({ type, text }) => html`<li class="${type}"><span class="sign">${SIGNS[type]}</span><span>${indent(text)}${printable(text, 1_000)}</span></li>`)}</ul>${more(left, 'lines')}</figure>`;
}

/** Indented as in the prompt: that may be what was changed. */
function indent(text: string): string {
  return '\u00a0'.repeat(/^[ \t]{0,16}/.exec(text)?.[0].replaceAll('\t', '  ').length ?? 0);
}

function names(ids: readonly string[]): string {
  const left = ids.length - MAX_NAMES;
  return `${ids.slice(0, MAX_NAMES).join(', ')}${left > 0 ? ` … and ${left} more` : ''}`;
}
