import type { TypedAct } from '../player/typist.ts';

/** A line may be this long, as in a fixture. */
export const MAX_LINE_CHARS = 5_000;
const MAX_SECONDS = 600;

/** What a person can ask of `try` besides acting as the caller. */
export const ASIDES = ['evidence', 'timeline', 'help', 'again'] as const;
export type Aside = (typeof ASIDES)[number];

/** A typed line: something that the caller does, a question to the program, or neither. */
export type TypedLine =
  | { readonly type: 'act'; readonly act: TypedAct }
  | { readonly type: 'aside'; readonly aside: Aside }
  | { readonly type: 'empty' }
  | { readonly type: 'refused'; readonly message: string; readonly hint: string };

export const HELP = `Type what the caller says. It is said after a natural pause, when it is the caller's turn.
  /gap 2.5 TEXT       so many seconds of silence before it (also before /digit and /recording)
  /over TEXT          talk over the agent, 0.8 s into its next line; type it before what it answers
  /recording TEXT     as a tape: on its own clock, without waiting for the agent
  /silence 20         say nothing for so many seconds
  /digit 5            press a key: 0-9, * or #
  (an empty line)     wait for the agent
  /evidence           all evidence so far, also what does not count
  /timeline           what happened when
  /hang               leave the call; /again calls anew once it is over
  /help               this
A line that begins with // is text that begins with /.
`;

/** Reads a typed line. The message of a refusal repeats nothing of the line. */
export function readTypedLine(line: string): TypedLine {
  if (line.length > MAX_LINE_CHARS) {
    return refused(
      `the line is longer than ${MAX_LINE_CHARS} characters`,
      'nobody says that much in one breath: cut it up',
    );
  }
  // A tab is a space; everything else of the kind would reach a terminal or a transcript that it has no place in.
  if (/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/.test(line)) {
    return refused('the line holds control characters', 'type plain text; one line is one thing that the caller says');
  }
  const text = line.replace(/\t/g, ' ').trim();
  if (text === '') return { type: 'empty' };
  return text.startsWith('/') && !text.startsWith('//') ? command(text) : said(text);
}

function said(text: string): TypedLine {
  return { type: 'act', act: { type: 'say', text: plain(text) } };
}

const plain = (text: string): string => (text.startsWith('//') ? text.slice(1) : text);

function command(text: string): TypedLine {
  const [, name = '', rest = ''] = /^\/(\S*)\s*(.*)$/su.exec(text) ?? [];
  if ((ASIDES as readonly string[]).includes(name)) return { type: 'aside', aside: name as Aside };
  switch (name) {
    case 'gap':
      return gap(rest);
    case 'over':
      return rest === '' ? needs('/over wait, stop there') : act({ type: 'over', text: plain(rest) });
    case 'recording':
      return rest === ''
        ? needs('/recording This is a message for the owner')
        : act({ type: 'say', text: plain(rest), recording: true });
    case 'silence': {
      const ms = milliseconds(rest);
      return ms === null || ms === 0
        ? needs(`/silence 20 (seconds, up to ${MAX_SECONDS})`)
        : act({ type: 'silence', ms });
    }
    case 'digit':
      return /^[0-9*#]$/.test(rest) ? act({ type: 'digit', digit: rest }) : needs('/digit 5 (one of 0-9, * or #)');
    case 'hang':
      return act({ type: 'leave', atOnce: true });
    default:
      return refused('there is no such command', '/help lists them; a line that begins with // is text');
  }
}

function gap(rest: string): TypedLine {
  const [, number = '', what = ''] = /^(\S+)\s+(.+)$/su.exec(rest) ?? [];
  const gapMs = milliseconds(number);
  const read = gapMs === null ? null : readTypedLine(what);
  if (gapMs === null || read === null) return needs(`/gap 2.5 yes, please (seconds, up to ${MAX_SECONDS})`);
  if (read.type === 'refused') return read;
  if (read.type !== 'act' || (read.act.type !== 'say' && read.act.type !== 'digit')) {
    return refused('/gap stands before text, /recording or /digit only', 'such as: /gap 2.5 /recording Press one now');
  }
  return act({ ...read.act, gapMs });
}

function milliseconds(text: string): number | null {
  if (!/^\d{1,3}(\.\d{1,3})?$/.test(text)) return null;
  const seconds = Number(text);
  return seconds <= MAX_SECONDS ? Math.round(seconds * 1_000) : null;
}

const act = (what: TypedAct): TypedLine => ({ type: 'act', act: what });
const needs = (example: string): TypedLine =>
  refused('something is missing or wrong after the command', `such as: ${example}`);
const refused = (message: string, hint: string): TypedLine => ({ type: 'refused', message, hint });
