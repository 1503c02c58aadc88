/** Where in a request's body each of its strings and keys stands. */
export interface Placed {
  readonly path: string;
  readonly text: string;
  /** Text of a message of the user, where quoted blocks may stand. */
  readonly ofUser: boolean;
}

/** All strings and keys of a body, JSON within them left as it is. */
export function stringsOf(value: unknown, path = '', ofUser = false): Placed[] {
  if (typeof value === 'string') return [{ path, text: value, ofUser }];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one, i) => stringsOf(one, join(path, String(i)), ofUser));
  const { role, type } = value as Record<string, unknown>;
  return Object.entries(value).flatMap(([key, one]) => {
    // A result of a tool stands in a message of the user too, and is none of theirs.
    const text = (role === 'user' && key === 'content') || (ofUser && type === 'text' && key === 'text');
    return [{ path: `${join(path, key)} (key)`, text: key, ofUser: false }, ...stringsOf(one, join(path, key), text)];
  });
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** Letters and digits only: a piece is found whatever was escaped, cut or put in other brackets. */
const essence = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, '');

const PIECE = 12;
const piecesOf = (text: string): string[] => {
  const whole = essence(text);
  return Array.from({ length: Math.max(0, whole.length - PIECE + 1) }, (_, i) => whole.slice(i, i + PIECE));
};

/** What can be recognised of some lines: every piece of 12 letters and digits that the guard does not say by itself. */
export interface Traces {
  of(line: string): string[];
  /** The traces in a text. */
  in(text: string): string[];
  essence(text: string): string;
  /** A string that stands in every request, whatever the caller says. */
  isOwn(text: string): boolean;
}

/** @param own bodies of a call in which none of the lines was said. */
export function tracesOf(lines: readonly string[], own: readonly unknown[]): Traces {
  const ownTexts = new Set(own.flatMap((body) => stringsOf(body)).map(({ text }) => text));
  const ownPieces = new Set([...ownTexts].flatMap(piecesOf));
  const all = new Set(lines.flatMap(piecesOf).filter((piece) => !ownPieces.has(piece)));
  const found = (text: string): string[] => piecesOf(text).filter((piece) => all.has(piece));
  return { of: found, in: found, essence, isOwn: (text) => ownTexts.has(text) };
}

const QUOTED = /<(caller|agent)>([^<>]*)<\/\1>/g;
const BRACKET = /[<>＜＞﹤﹥⟨⟩〈〉]/u;

/** Traces of the lines outside of the caller's quoted blocks, and tags that stand where none may. */
export function strangersIn(body: unknown, traces: Traces): { readonly path: string; readonly trace: string }[] {
  return stringsOf(body).flatMap(({ path, text, ofUser }) => {
    if (traces.isOwn(text)) return [];
    const outside = ofUser
      ? text.replace(QUOTED, (_, who: string, words: string) => (who === 'agent' ? words : ' '))
      : text;
    const strange = traces.in(outside).slice(0, 1);
    return [...strange, ...(BRACKET.test(outside) ? ['tag'] : [])].map((trace) => ({ path, trace }));
  });
}

/** The essence of all that stands in the caller's quoted blocks. */
export function quotedWords(body: unknown): string {
  return stringsOf(body)
    .filter(({ ofUser }) => ofUser)
    .flatMap(({ text }) => [...text.matchAll(QUOTED)].map(([, who, words = '']) => (who === 'caller' ? words : '')))
    .map(essence)
    .join('\n');
}
