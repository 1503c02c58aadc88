import type { Edits, Flip, Moved, RunDiff } from './diff.ts';
import {
  bounded,
  cameOut,
  countsLine,
  flipGroups,
  isUnedited,
  movedBy,
  otherEdits,
  probesMoved,
  thresholdLine,
  weightLine,
} from './diff-phrases.ts';
import { promptLine } from './diff-text.ts';
import { code, codeBlock, plain } from './markdown.ts';

/** No more of each than this: a comment on a pull request has room for 65,536 characters. */
const MOST = { edits: 20, lines: 40, prompts: 8, flips: 30, moved: 20, names: 5 } as const;
const KEY_CHARS = 80;
const LINE_CHARS = 160;
const WHY_CHARS = 300;

/** The difference of two runs as Markdown, for a pull request. Nothing that a caller or a data set says becomes markup. */
export function diffMarkdown(diff: RunDiff): string {
  return [
    `### Calls: ${code(diff.a, KEY_CHARS)} → ${code(diff.b, KEY_CHARS)}`,
    '',
    `${plain(countsLine(diff), WHY_CHARS)}.`,
    '',
    plain(diff.chance.sentence, 1_000),
    '',
    ...editLines(diff.edits),
    ...flipLines(diff.flips),
    ...movedLines(diff.moved),
    ...nameLine('Answers of the model are not recorded', diff.unrecorded),
    ...nameLine('Only in the first run', diff.onlyA),
    ...nameLine('Only in the second run', diff.onlyB),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function editLines(edits: Edits): string[] {
  if (isUnedited(edits)) return ['#### Edited', '', 'Nothing.', ''];
  const several = new Set([...edits.thresholds, ...edits.prompts].map(({ variant }) => variant)).size > 1;
  const of = (variant: string): string => (several ? ` (${code(variant, KEY_CHARS)})` : '');
  return [
    '#### Edited',
    '',
    ...some(edits.weights, MOST.edits, (one) => `- weights: ${plain(weightLine(one), LINE_CHARS)}`),
    ...some(edits.thresholds, MOST.edits, (one) => {
      return `- thresholds: ${plain(thresholdLine(one), LINE_CHARS)}${of(one.variant)}`;
    }),
    ...otherEdits(edits, (keys) => listed(keys, (key) => key)).map((line) => `- ${plain(line, 600)}`),
    ...some(edits.prompts, MOST.prompts, (one) => {
      const { shown, more } = bounded(one.lines, MOST.lines);
      const lines = shown.map((line) => promptLine(line, LINE_CHARS));
      const all = more > 0 ? [...lines, `  … and ${more} more`] : lines;
      return [`- prompt: ${code(one.id, KEY_CHARS)}${of(one.variant)}`, '', ...codeBlock('diff', all), ''].join('\n');
    }),
    '',
  ];
}

function flipLines(flips: readonly Flip[]): string[] {
  if (flips.length === 0) return ['#### Flipped', '', 'None.', ''];
  let left: number = MOST.flips;
  return flipGroups(flips).flatMap(({ title, flips: group }) => {
    const most = left;
    left = Math.max(0, left - group.length);
    return [
      `#### ${title} (${group.length})`,
      '',
      '| call | was | is now | likely cause |',
      '|---|---|---|---|',
      ...some(
        group,
        most,
        ({ key, a, b, why }) =>
          `| ${code(key, KEY_CHARS)} | ${plain(cameOut(a), LINE_CHARS)} | ${plain(cameOut(b), LINE_CHARS)} | ${plain(why, WHY_CHARS)} |`,
        (more) => `| … and ${more} more | | | |`,
      ),
      '',
    ];
  });
}

function movedLines(moved: readonly Moved[]): string[] {
  if (moved.length === 0) return [];
  return [
    `#### Moved (${moved.length})`,
    '',
    '| call | turns | time | points | questions | cause |',
    '|---|---|---|---|---|---|',
    ...some(
      moved,
      MOST.moved,
      ({ key, a, b, turns, ms, points, cause }) =>
        `| ${code(key, KEY_CHARS)} | ${movedBy(turns, ms, points).join(' | ')} | ${plain(probesMoved(a, b), 60)} | ${cause} |`,
      (more) => `| … and ${more} more | | | | | |`,
    ),
    '',
  ];
}

const nameLine = (title: string, keys: readonly string[]): string[] =>
  keys.length === 0 ? [] : [`${title} (${keys.length}): ${listed(keys, (key) => code(key, KEY_CHARS))}`, ''];

function listed(keys: readonly string[], show: (key: string) => string): string {
  const { shown, more } = bounded(keys, MOST.names);
  return `${shown.map(show).join(', ')}${more > 0 ? ` … and ${more} more` : ''}`;
}

function some<T>(
  list: readonly T[],
  most: number,
  line: (one: T) => string,
  rest = (more: number): string => `- … and ${more} more`,
): string[] {
  const { shown, more } = bounded(list, most);
  return [...shown.map(line), ...(more > 0 ? [rest(more)] : [])];
}
