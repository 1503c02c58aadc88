import type { Utterance } from '../platforms/platform.ts';
import { type Intent, intentOf } from './intent.ts';
import { baseLanguage } from './language.ts';
import { defaultLines, receptionLines } from './lines/index.ts';
import type { Lines, ReceptionLines } from './lines/reception-lines.ts';
import type { ReplyPiece, TurnRequest, TurnResponder, TurnSession } from './responder.ts';

/**
 * A receptionist without a model: no key, no network, no state. What it says depends on the request alone, so a
 * recorded call gets the same answers again. It never repeats the caller's words.
 */
export function scriptedResponder(name: string): TurnResponder {
  return { kind: 'turns', name, open: () => session, close() {} };
}

const session: TurnSession = {
  async *answer(request: TurnRequest, signal: AbortSignal): AsyncGenerator<ReplyPiece> {
    for (const text of inPieces(scriptedLine(request))) {
      if (signal.aborted) return;
      yield { type: 'text', text };
    }
    if (!signal.aborted) yield { type: 'finish', reason: 'stop' };
  },
  close() {},
};

/** The whole line for one turn. Pure. */
export function scriptedLine(request: Pick<TurnRequest, 'kind' | 'transcript' | 'language'>): string {
  const lines = receptionLines.get(baseLanguage(request.language)) ?? defaultLines;
  const { said, agentTurns, lastAgent } = readBack(request.transcript);
  const intent = request.kind === 'reminder' ? 'still' : said === null ? 'hello' : intentOf(said, lines.hears);
  const before = essence(lastAgent);
  let line = lineAt(lines, intent, agentTurns);
  // Several rounds of the shortest list; in practice the second try differs.
  for (let step = 1; step <= 8 && repeats(before, essence(line)); step += 1) {
    line = lineAt(lines, intent, agentTurns + step);
  }
  return line;
}

/** What the caller said since the agent last spoke (null: nothing), and what the agent said last. */
function readBack(transcript: readonly Utterance[]): { said: string | null; agentTurns: number; lastAgent: string } {
  let said: string | null = null;
  let lastAgent: string | undefined;
  let agentTurns = 0;
  for (let i = transcript.length - 1; i >= 0; i -= 1) {
    const utterance = transcript[i];
    if (utterance?.role === 'agent') {
      agentTurns += 1;
      lastAgent ??= utterance.text;
    } else if (utterance !== undefined && lastAgent === undefined && (said === null || said.length < 1000)) {
      said = said === null ? utterance.text : `${utterance.text} ${said}`;
    }
  }
  return { said, agentTurns, lastAgent: lastAgent ?? '' };
}

function lineAt(lines: ReceptionLines, intent: Intent | 'still', at: number): string {
  switch (intent) {
    case 'still':
    case 'unheard':
    case 'bye':
    case 'wait':
    case 'thanks':
      return pick(lines[intent], at);
    case 'question':
      return `${pick(lines.check, at)} ${pick(lines.asks, at)}`;
    default:
      // The lists' lengths share no divisor, so opener and question meet again only after opener × question turns.
      return `${pick(lines[intent], at)} ${pick(lines.asks, at)}`;
  }
}

function pick(lines: Lines, at: number): string {
  return lines[at % lines.length] ?? lines[0];
}

/** Letters and digits only: platforms change case and punctuation of what was spoken. */
function essence(text: string): string {
  return text
    .slice(-400)
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
}

/** Whether the line was just said: in full at the end of the agent's turn, or cut short by a barge-in. */
function repeats(before: string, line: string): boolean {
  return before !== '' && (before.endsWith(line) || line.startsWith(before));
}

/** Two to four words a piece (or as many characters where words are not spaced); joined they are the text again. */
function inPieces(text: string): string[] {
  const parts = text.match(/\s*\S+/gu) ?? [];
  const units = parts.length > 2 ? parts : (text.match(/.{1,2}/gsu) ?? []);
  const pieces: string[] = [];
  for (let from = 0, size = 2; from < units.length; from += size, size = size === 4 ? 2 : size + 1) {
    pieces.push(units.slice(from, from + size).join(''));
  }
  return pieces;
}
