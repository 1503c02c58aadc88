import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { MAX_LINE_CHARS } from '../workshop/try/typed-line.ts';

/** Where typed lines come from. */
export interface LineSource {
  /** The next line; null when there is none any more. `prompt` is shown where somebody can see it. */
  next(prompt: string): Promise<string | null>;
  /** There will be no more. */
  readonly isOver: boolean;
  close(): void;
}

/** Lines that were typed (or pasted) ahead; more are not taken. */
const MOST_AHEAD = 1_000;
const HISTORY = 500;
const COMMANDS = '/gap /over /recording /silence /digit /evidence /timeline /again /hang /help'.split(' ');

/** Lines of a pipe or file. An over-long line comes cut, still too long, so that whoever reads it can refuse it. */
export function pipedLines(input: Readable): LineSource {
  const lines = split(input);
  let isOver = false;
  return {
    get isOver() {
      return isOver;
    },
    next: async () => {
      const { value, done } = await lines.next();
      isOver = done === true;
      return done === true ? null : value;
    },
    close: () => void input.destroy(),
  };
}

async function* split(input: Readable): AsyncGenerator<string, undefined> {
  input.setEncoding('utf8');
  let rest = '';
  for await (const chunk of input) {
    const parts = (rest + String(chunk)).split(/\r?\n/);
    rest = (parts.pop() ?? '').slice(0, MAX_LINE_CHARS + 2);
    for (const part of parts) yield part.slice(0, MAX_LINE_CHARS + 1);
  }
  if (rest !== '') yield rest.slice(0, MAX_LINE_CHARS + 1);
  return undefined;
}

/** A person at a terminal: history, Ctrl-C and Ctrl-D end it. */
export function terminalLines(input: Readable, output: Writable): LineSource {
  const lines: string[] = [];
  let waiting: ((line: string | null) => void) | null = null;
  let isOver = false;
  const readline = createInterface({
    input,
    output,
    terminal: true,
    historySize: HISTORY,
    removeHistoryDuplicates: true,
    completer: (line: string): [string[], string] => [COMMANDS.filter((one) => one.startsWith(line)), line],
  });
  const give = (line: string | null): void => {
    const to = waiting;
    waiting = null;
    if (to !== null) to(line);
    else if (line !== null && lines.length < MOST_AHEAD) lines.push(line);
  };
  readline.on('line', give);
  readline.on('SIGINT', () => readline.close());
  readline.on('close', () => {
    isOver = true;
    // What follows begins on a line of its own.
    output.write('\n');
    give(null);
  });
  return {
    get isOver() {
      return isOver;
    },
    next: (prompt) => {
      const ahead = lines.shift();
      if (ahead !== undefined) {
        output.write(`${prompt}${ahead}\n`);
        return Promise.resolve(ahead);
      }
      if (isOver) return Promise.resolve(null);
      readline.setPrompt(prompt);
      readline.prompt();
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
    close: () => {
      if (!isOver) readline.close();
    },
  };
}
