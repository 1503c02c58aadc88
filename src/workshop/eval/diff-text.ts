import Table from 'cli-table3';
import { printable } from '../../records/printable.ts';
import type { Edits, Flip, LineChange, Moved, PromptChange, RunDiff } from './diff.ts';
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

/** No more of each than this. */
const MOST = { edits: 30, lines: 40, prompts: 20, flips: 50, moved: 30, names: 5 } as const;
const DEFAULT_WIDTH = 100;
const LEAST_WIDTH = 40;

/**
 * The difference of two runs for a terminal, without colours: what was edited, who came out differently and why, what
 * moved, and whether it is more than chance. `width`: columns, by default 100.
 */
export function diffText(diff: RunDiff, { width = DEFAULT_WIDTH }: { readonly width?: number } = {}): string {
  const columns = Math.max(LEAST_WIDTH, width);
  return [
    `${cut(diff.a, columns)} → ${cut(diff.b, columns)}`,
    '',
    ...editLines(diff.edits, columns),
    ...flipLines(diff.flips, columns),
    ...movedLines(diff.moved, columns),
    ...nameLines('Answers of the model are not recorded', diff.unrecorded, columns),
    ...nameLines(`Only in ${diff.a}`, diff.onlyA, columns),
    ...nameLines(`Only in ${diff.b}`, diff.onlyB, columns),
    cut(countsLine(diff), columns),
    ...wrapped(diff.chance.sentence, columns),
  ].join('\n');
}

/** One harmless line. */
const cut = (text: string, width: number): string => printable(text, Math.max(8, width));

function editLines(edits: Edits, width: number): string[] {
  if (isUnedited(edits)) return ['Edited: nothing', ''];
  const several = new Set([...edits.thresholds, ...edits.prompts].map(({ variant }) => variant)).size > 1;
  const of = (variant: string): string => (several ? ` (${variant})` : '');
  return [
    'Edited:',
    ...some(edits.weights, MOST.edits, (one) => [`  weights: ${cut(weightLine(one), width - 11)}`]),
    ...some(edits.thresholds, MOST.edits, (one) => [
      `  thresholds: ${cut(`${thresholdLine(one)}${of(one.variant)}`, width - 14)}`,
    ]),
    ...some(edits.prompts, MOST.prompts, (one) => promptLines(one, of(one.variant), width)),
    ...otherEdits(edits, names).map((line) => `  ${cut(line, width - 2)}`),
    '',
  ];
}

function promptLines({ id, unread, lines }: PromptChange, of: string, width: number): string[] {
  return [
    `  prompt: ${cut(`${id}${of}`, width - 10)}`,
    ...(unread ? ['    no model answered: the edit was not tried'] : []),
    ...some(lines, MOST.lines, (line) => [`    ${promptLine(line, width - 6)}`.trimEnd()]),
  ];
}

const MARKS: Readonly<Record<LineChange['type'], string>> = { same: ' ', removed: '-', added: '+' };

/** Indented as it is in the prompt: that may be what was changed. */
export function promptLine({ type, text }: LineChange, width: number): string {
  const indent = /^[ \t]{0,16}/.exec(text)?.[0].replaceAll('\t', '  ') ?? '';
  return `${MARKS[type]} ${indent}${cut(text, width - indent.length)}`.trimEnd();
}

function flipLines(flips: readonly Flip[], width: number): string[] {
  if (flips.length === 0) return ['Flipped: none', ''];
  let left: number = MOST.flips;
  return [
    `Flipped (${flips.length}):`,
    ...flipGroups(flips).flatMap(({ title, flips: group }) => {
      const most = left;
      left = Math.max(0, left - group.length);
      return [`  ${title} (${group.length}):`, ...some(group, most, (flip) => flipLine(flip, width), '    ')];
    }),
    '',
  ];
}

const flipLine = ({ key, a, b, why }: Flip, width: number): string[] => [
  `    ${cut(key, width - 4)}`,
  ...wrapped(`${cameOut(a)} → ${cameOut(b)}`, width - 6).map((line) => `      ${line}`),
  ...wrapped(why, width - 6).map((line) => `      ${line}`),
];

function movedLines(moved: readonly Moved[], width: number): string[] {
  if (moved.length === 0) return [];
  const table = new Table({
    chars: NO_LINES,
    head: ['', 'turns', 'time', 'points', 'cause', 'questions'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
  });
  const { shown, more } = bounded(moved, MOST.moved);
  // What the figures and the cause need is left to the names, and to the questions where they differ.
  const room = Math.max(24, width - 36);
  for (const { key, a, b, turns, ms, points, cause } of shown) {
    const asked = cut(probesMoved(a, b), Math.floor(room / 2));
    table.push([cut(key, Math.ceil(room / 2)), ...movedBy(turns, ms, points), cause, asked]);
  }
  const lines = table.toString().split('\n');
  return [
    `Moved (${moved.length}):`,
    ...lines.map((line) => `  ${line}`.trimEnd()),
    ...(more > 0 ? [`  … and ${more} more`] : []),
    '',
  ];
}

/** Columns without a frame. */
const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid', 'middle'].flatMap((where) => [
    [where, ''],
    ...['left', 'mid', 'right'].map((side) => [`${where}-${side}`, '']),
  ]),
);

const names = (keys: readonly string[]): string => {
  const { shown, more } = bounded(keys, MOST.names);
  return `${shown.map((key) => printable(key, 60)).join(', ')}${more > 0 ? ` … and ${more} more` : ''}`;
};

const nameLines = (title: string, keys: readonly string[], width: number): string[] =>
  keys.length === 0
    ? []
    : [
        `${cut(title, width - 10)} (${keys.length}):`,
        ...some(keys, MOST.names, (key) => [`  ${cut(key, width - 2)}`]),
        '',
      ];

function some<T>(list: readonly T[], most: number, lines: (one: T) => readonly string[], indent = '  '): string[] {
  const { shown, more } = bounded(list, most);
  return [...shown.flatMap(lines), ...(more > 0 ? [`${indent}… and ${more} more`] : [])];
}

/** A sentence in lines of the given width; a word that is longer is cut. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text, 1_000).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? cut(word, width) : `${line} ${word}`;
  }
  return [...lines, line];
}
