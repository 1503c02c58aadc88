import { foldWord } from './tokens.ts';

/**
 * Phrases of all signals in one trie over words, walked once per new word.
 *
 * Pattern language: words separated by spaces; `(a|b c|)` alternatives (an empty one makes it optional);
 * `#` any number word or digit; `*` exactly any one word; `~N` up to N words of any kind.
 */
export interface Hit {
  /** `signal:tag`. */
  readonly tag: string;
  /** Token range, `to` exclusive. */
  readonly from: number;
  readonly to: number;
}

interface Node {
  next?: Map<string, Node>;
  any?: Node;
  number?: Node;
  tags?: string[];
}

export interface Lexicon {
  readonly root: Node;
  readonly longest: number;
}

const NUMBER_WORDS = new Set(
  (
    'zero one two three four five six seven eight nine ten pound star hash ' +
    'cero uno dos tres cuatro cinco seis siete ocho nueve un deux trois quatre cinq eins zwei drei vier ' +
    '一 二 三 四 五 六 七 八 九 零'
  ).split(' '),
);

export const isNumberWord = (word: string): boolean => {
  const c = word.charCodeAt(0);
  return (c >= 0x30 && c <= 0x39) || NUMBER_WORDS.has(word);
};

/** All plain word sequences that a pattern stands for. Throws on unbalanced brackets. */
export function expandPattern(pattern: string): string[][] {
  // The innermost bracket first, so that brackets may stand in brackets.
  const inner = /\(([^()]*)\)/.exec(pattern);
  if (inner) {
    const before = pattern.slice(0, inner.index);
    const after = pattern.slice(inner.index + inner[0].length);
    const choices = (inner[1] ?? '').split('|');
    return choices.flatMap((choice) => expandPattern(`${before} ${choice} ${after}`));
  }
  if (/[()|]/.test(pattern)) throw new Error(`unbalanced bracket in phrase "${pattern}"`);
  let sequences: string[][] = [[]];
  for (const word of pattern.split(/\s+/)) {
    if (word === '') continue;
    if (word.startsWith('~')) {
      const upTo = Number(word.slice(1));
      if (!(upTo > 0 && upTo < 9)) throw new Error(`bad gap "${word}" in phrase "${pattern}"`);
      sequences = sequences.flatMap((s) => Array.from({ length: upTo + 1 }, (_, n) => [...s, ...Array(n).fill('*')]));
    } else {
      sequences = sequences.map((s) => [...s, word]);
    }
  }
  return sequences;
}

/** Compiles tagged patterns. Throws on a pattern that would match nothing or everything. */
export function compileLexicon(phrases: Readonly<Record<string, readonly string[]>>): Lexicon {
  const root: Node = {};
  let longest = 0;
  for (const [tag, patterns] of Object.entries(phrases)) {
    for (const pattern of patterns) {
      for (const sequence of expandPattern(pattern)) {
        if (sequence.every((word) => word === '*')) throw new Error(`empty phrase "${pattern}" of ${tag}`);
        let node = root;
        for (const word of sequence) node = child(node, word);
        node.tags ??= [];
        if (!node.tags.includes(tag)) node.tags.push(tag);
        longest = Math.max(longest, sequence.length);
      }
    }
  }
  return { root, longest };
}

function child(node: Node, word: string): Node {
  if (word === '*') {
    node.any ??= {};
    return node.any;
  }
  if (word === '#') {
    node.number ??= {};
    return node.number;
  }
  node.next ??= new Map();
  const key = foldWord(word);
  const found = node.next.get(key);
  if (found) return found;
  const made: Node = {};
  node.next.set(key, made);
  return made;
}

/**
 * Hits in `words`, in order of their places, given the hits found in an earlier version of which the first `stable`
 * words are unchanged. Only phrases that end after `stable` are looked for again, and those of hits that have lost
 * their end. Overlapping hits of one tag are one hit.
 */
export function scan(lexicon: Lexicon, words: readonly string[], earlier: readonly Hit[] = [], stable = 0): Hit[] {
  const hits: Hit[] = [];
  let redo = stable;
  for (const hit of earlier) {
    if (hit.to <= stable) hits.push(hit);
    else redo = Math.min(redo, hit.from);
  }
  const first = Math.min(redo, Math.max(0, stable - lexicon.longest + 1));
  for (let start = first; start < words.length; start++) {
    walk(lexicon.root, words, start, start, start < redo ? stable : 0, hits);
  }
  return hits.length > 1 ? hits.sort(inOrder) : hits;
}

const inOrder = (a: Hit, b: Hit): number => a.from - b.from || a.to - b.to || (a.tag < b.tag ? -1 : 1);

function walk(node: Node, words: readonly string[], start: number, at: number, after: number, hits: Hit[]): void {
  if (node.tags && at > after) for (const tag of node.tags) addHit(hits, tag, start, at);
  const word = words[at];
  if (word === undefined) return;
  const exact = node.next?.get(word);
  if (exact) walk(exact, words, start, at + 1, after, hits);
  if (node.number && isNumberWord(word)) walk(node.number, words, start, at + 1, after, hits);
  if (node.any) walk(node.any, words, start, at + 1, after, hits);
}

function addHit(hits: Hit[], tag: string, from: number, to: number): void {
  let joined: Hit = { tag, from, to };
  for (let i = hits.length - 1; i >= 0; i--) {
    const hit = hits[i];
    if (!hit || hit.tag !== tag || hit.from >= joined.to || hit.to <= joined.from) continue;
    if (hit.from <= joined.from && hit.to >= joined.to) return;
    joined = { tag, from: Math.min(hit.from, joined.from), to: Math.max(hit.to, joined.to) };
    hits.splice(i, 1);
  }
  hits.push(joined);
}
