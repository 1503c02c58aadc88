import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the guard may ask to tell people from machines: texts by language and kind. */
export type ProbeTexts = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Finds out which probe a text holds. */
export type ProbeRecogniser = (text: string) => string | null;

/**
 * Reads one `prompts/probes/<language>.md`: the lines under each `## kind` heading, one text a line, a leading `- `
 * allowed. Comments and quotations are notes for readers.
 */
export function parseProbeTexts(markdown: string): Record<string, string[]> {
  const kinds: Record<string, string[]> = {};
  let current: string[] | null = null;
  for (const raw of markdown.replace(/<!--[\s\S]*?-->/g, '').split('\n')) {
    const line = raw.trim();
    const heading = /^##\s+([a-z][a-z-]*)/.exec(line);
    if (heading?.[1] !== undefined) {
      current = [];
      kinds[heading[1]] = current;
    } else if (line.startsWith('#')) {
      current = null;
    } else if (line !== '' && !line.startsWith('>') && current !== null) {
      current.push(line.replace(/^[-*]\s+/, ''));
    }
  }
  return kinds;
}

/** Reads every language of a directory. */
export function loadProbeTexts(directory: string): ProbeTexts {
  const texts: Record<string, Record<string, string[]>> = {};
  for (const file of readdirSync(directory).sort()) {
    if (!file.endsWith('.md') || file.startsWith('README')) continue;
    texts[file.slice(0, -3)] = parseProbeTexts(readFileSync(join(directory, file), 'utf8'));
  }
  return texts;
}

/**
 * Recognises a probe in what the agent said, in any language: a person may be asked in another than their own.
 * Placeholders such as `{scope}` match anything. The longest text wins.
 */
export function probeRecogniser(texts: ProbeTexts, kinds: readonly string[]): ProbeRecogniser {
  const known: { readonly kind: string; readonly parts: readonly string[]; readonly length: number }[] = [];
  for (const byKind of Object.values(texts)) {
    for (const kind of kinds) {
      for (const text of byKind[kind] ?? []) {
        const parts = text
          .split(/\{[^{}]*\}/)
          .map(normalise)
          .filter((part) => part !== '');
        if (parts.length > 0) known.push({ kind, parts, length: parts.join('').length });
      }
    }
  }
  known.sort((a, b) => b.length - a.length);
  return (text) => {
    const heard = normalise(text);
    return known.find(({ parts }) => holdsInOrder(heard, parts))?.kind ?? null;
  };
}

function holdsInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}

function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
