import pc from 'picocolors';
import { printable } from '../records/printable.ts';
import { fixtureYaml } from '../workshop/fixtures/fixture-yaml.ts';
import { MARKS, type Scrubbed } from '../workshop/fixtures/scrub.ts';

const LONGEST_LINE = 6_000;
const MOST_LISTED = 200;

/**
 * What is about to be written, for a person to read: the YAML with replacements marked, the list of them, and what
 * to look at. Originals are shown to a person at a terminal only (`originals`).
 */
export function previewText(scrubbed: Scrubbed, notes: readonly string[], originals: boolean): string {
  const yaml = fixtureYaml(scrubbed.marked)
    .split('\n')
    .map((line) => indented(line))
    .join('\n');
  const { replacements, unsure } = scrubbed;
  const listed = replacements.slice(0, MOST_LISTED).map(({ kind, where, from, to }) => {
    const what = originals ? `${printable(from, 80)} → ${printable(to, 80)}` : `→ ${printable(to, 80)}`;
    return `  ${where}: ${kind}: ${what}`;
  });
  const rest = replacements.length - listed.length;
  return [
    mark(yaml).trimEnd(),
    '',
    replacements.length === 0 ? 'Nothing was replaced.' : `Replaced (${replacements.length}):`,
    ...listed,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
    ...(unsure.length === 0
      ? []
      : [
          originals
            ? `Left, but look whether they are names: ${printable(unsure.join(', '), 1_000)}`
            : `Left, but look: ${unsure.length} words with a capital at the start of a sentence`,
        ]),
    ...notes.map((one) => `Note: ${one}`),
  ].join('\n');
}

/** `printable` takes spaces together; those at the start of a line are YAML. */
function indented(line: string): string {
  const spaces = /^ */.exec(line)?.[0] ?? '';
  return spaces + printable(line.slice(spaces.length), LONGEST_LINE);
}

function mark(text: string): string {
  return text.replace(new RegExp(`${MARKS.open}(.*?)${MARKS.close}`, 'gsu'), (_all, inner: string) =>
    pc.isColorSupported ? pc.inverse(inner) : `«${inner}»`,
  );
}
