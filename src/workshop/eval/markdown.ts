import { printable } from '../../records/printable.ts';

/** Characters that mean something to Markdown, HTML, tables, or to a host that makes links of what it finds. */
const MEANS_SOMETHING = /[!"#$&'()*<>@[\\\]^_`{|}~]|(?<!\d)[.:](?=\S)/g;

/** Text that others can choose: as one line, as code, so that nothing in it is markup, a link, a mention or a table. */
export const code = (text: string, max: number): string => `<code>${escaped(printable(text, max))}</code>`;

/** Our own sentence, with names in it that others may have chosen. Mentions and references are taken apart. */
export const plain = (text: string, max: number): string =>
  escaped(printable(text, max).replace(/(?<=[@#])(?=\w)/g, '\u200b'));

/** As entities, which are never markup. A dot before a space, or in a number, makes no link and stays readable. */
const escaped = (text: string): string => text.replace(MEANS_SOMETHING, (character) => `&#${character.charCodeAt(0)};`);

/** A block of code that nothing in it can end. */
export function codeBlock(language: string, lines: readonly string[]): string[] {
  const longest = lines.flatMap((line) => line.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence];
}
