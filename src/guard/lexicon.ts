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
  return { root: shared(root, { ids: new Map(), byKey: new Map() }), longest };
}

interface Known {
  readonly ids: Map<Node, number>;
  readonly byKey: Map<string, Node>;
}

/**
 * The same phrases with equal endings held once. Alternatives multiply: as a plain tree they take ten times the
 * memory, which every collection of garbage would have to walk through.
 */
function shared(node: Node, known: Known): Node {
  if (node.next) for (const [word, below] of node.next) node.next.set(word, shared(below, known));
  if (node.any) node.any = shared(node.any, known);
  if (node.number) node.number = shared(node.number, known);
  const id = (below: Node | undefined): number => (below ? (known.ids.get(below) ?? -1) : 0);
  const next = [...(node.next ?? [])].map(([word, below]) => `${word}\0${id(below)}`).sort();
  const key = [node.tags?.toSorted().join('\u0001') ?? '', id(node.any), id(node.number), ...next].join('\u0002');
  const same = known.byKey.get(key);
  if (same) return same;
  known.byKey.set(key, node);
  known.ids.set(node, known.ids.size + 1);
  return node;
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

/** What a search has found. */
export interface Found {
  readonly hits: readonly Hit[];
  /** For each word the last one that a phrase beginning there was still looked for at; `words.length`: it may go on. */
  readonly reach: readonly number[];
}

const NOTHING: Found = { hits: [], reach: [] };

/**
 * Hits in `words`, in order of their places, given what was found in an earlier version of which the first `stable`
 * words are unchanged. Only phrases that may end after `stable` are looked for again, and those of hits that have lost
 * their end. Overlapping hits of one tag are one hit.
 */
export function scan(lexicon: Lexicon, words: readonly string[], earlier: Found = NOTHING, stable = 0): Found {
  const hits: Hit[] = [];
  let redo = stable;
  for (const hit of earlier.hits) {
    if (hit.to <= stable) hits.push(hit);
    else redo = Math.min(redo, hit.from);
  }
  const first = Math.min(redo, Math.max(0, stable - lexicon.longest + 1));
  const reach = new Array<number>(words.length);
  for (let start = 0; start < words.length; start++) {
    const known = earlier.reach[start] ?? stable;
    const dead = start < redo && (start < first || known < stable);
    reach[start] = dead ? known : walk(lexicon.root, words, start, start, start < redo ? stable : 0, hits);
  }
  return { hits: hits.length > 1 ? hits.sort(inOrder) : hits, reach };
}

const inOrder = (a: Hit, b: Hit): number => a.from - b.from || a.to - b.to || (a.tag < b.tag ? -1 : 1);

/** Returns the last place that was looked at. */
function walk(node: Node, words: readonly string[], start: number, at: number, after: number, hits: Hit[]): number {
  if (node.tags && at > after) for (const tag of node.tags) addHit(hits, tag, start, at);
  const word = words[at];
  if (word === undefined) return at;
  let reach = at;
  const exact = node.next?.get(word);
  if (exact) reach = walk(exact, words, start, at + 1, after, hits);
  if (node.number && isNumberWord(word)) reach = Math.max(reach, walk(node.number, words, start, at + 1, after, hits));
  if (node.any) reach = Math.max(reach, walk(node.any, words, start, at + 1, after, hits));
  return reach;
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
