const CJK = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/;
const CJK_RUN = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]{1,2}[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\w]*/g;

/** Words of a text as an ASR would time them; scripts without spaces are cut every two characters. */
export function splitWords(text: string): string[] {
  const out: string[] = [];
  for (const piece of text.split(/\s+/)) {
    if (piece === '') continue;
    if (!CJK.test(piece)) {
      out.push(piece);
      continue;
    }
    let last = 0;
    for (const match of piece.matchAll(CJK_RUN)) {
      if (match.index > last) out.push(piece.slice(last, match.index));
      out.push(match[0]);
      last = match.index + match[0].length;
    }
    if (last < piece.length) out.push(piece.slice(last));
  }
  return out;
}

/** Words back to text: a space between, except inside a script that has none. */
export function joinWords(words: readonly string[]): string {
  let out = '';
  let before = '';
  for (const word of words) {
    if (out !== '' && !(CJK.test(before) && CJK.test(word))) out += ' ';
    out += word;
    before = word;
  }
  return out;
}

export function countWords(text: string): number {
  return splitWords(text).length;
}
