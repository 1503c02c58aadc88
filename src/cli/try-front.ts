import type { CallState } from '../guard/state.ts';
import { seconds, signed } from '../records/log.ts';
import { printableJson } from '../records/printable.ts';
import type { TypedAct } from '../workshop/player/typist.ts';
import type { Front, TriedCall } from '../workshop/try/try-call.ts';
import { type Aside, HELP, readTypedLine } from '../workshop/try/typed-line.ts';
import { endText, timelineText } from './try-end-text.ts';
import { endJson, stepJson, timelineJson } from './try-json.ts';
import type { LineSource } from './try-lines.ts';
import type { TryStyle } from './try-style.ts';
import { allEvidenceText, stepText } from './try-text.ts';

/** Lines that are read after a call for an /again among them. */
const MOST_UNSAID = 10_000;

export interface TryFront extends Front {
  ended(call: TriedCall): void;
  /** After a call: true when another is wanted. */
  again(): Promise<boolean>;
  /** Lines that could not be taken. */
  readonly refused: number;
}

/** What stands between a person (or a pipe) and the caller: reads lines, shows what comes of them. */
export function tryFront(options: {
  readonly source: LineSource;
  readonly interactive: boolean;
  readonly json: boolean;
  readonly style: TryStyle;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}): TryFront {
  const { source, interactive, json, out, err, style } = options;
  let line = 0;
  let steps = 0;
  let refused = 0;
  let last: TriedCall | null = null;
  const print = (value: unknown): void => out(`${printableJson(value)}\n`);

  const refuse = (message: string, hint: string): void => {
    refused++;
    // On a screen it stands below the line that it is about; of a pipe the number tells which it was.
    err(`error: ${interactive ? '' : `line ${line}: `}${message}\nhint: ${hint}\n`);
  };
  const answer = (aside: Aside, state: CallState): void => {
    if (aside === 'help') (json ? err : out)(HELP);
    else if (aside === 'again') refuse('the call is not over', '/hang leaves it');
    else if (aside === 'timeline') {
      if (json) print(timelineJson(state));
      else out(timelineText(state, last?.record ?? null, style));
    } else if (json) print({ type: 'evidence', evidence: Object.values(state.scored) });
    else out(allEvidenceText(state, style));
  };
  const read = (prompt: string): Promise<string | null> => {
    line++;
    return source.next(interactive && !json ? prompt : '');
  };

  return {
    interactive,
    get refused() {
      return refused;
    },
    step: (step) => (json ? print(stepJson(step, ++steps)) : out(stepText(step, style))),
    next: async ({ cue, callMs, state, overArmed }): Promise<TypedAct> => {
      const more = cue === 'pause' ? ' (it has more to say)' : overArmed ? ' (and over the next line)' : '';
      for (;;) {
        const text = await read(`${seconds(callMs)}  ${signed(state.verdict.points)}${more} > `);
        if (text === null) return { type: 'leave', atOnce: interactive };
        const typed = readTypedLine(text);
        if (typed.type === 'act') return typed.act;
        if (typed.type === 'refused') refuse(typed.message, typed.hint);
        else if (typed.type === 'aside') answer(typed.aside, state);
        else if (interactive) return { type: 'listen' };
      }
    },
    ended: (call) => {
      last = call;
      if (json) print(endJson(call));
      else out(endText(call, style));
    },
    again: async () => {
      let unsaid = 0;
      try {
        if (interactive && !source.isOver) out(`/again calls anew, /timeline shows this call, Ctrl-D ends.\n`);
        while (unsaid < MOST_UNSAID) {
          const text = await read('over > ');
          if (text === null) return false;
          const typed = readTypedLine(text);
          if (typed.type === 'aside' && typed.aside === 'again') {
            last = null;
            return true;
          }
          if (typed.type === 'act' && typed.act.type === 'leave') return false;
          if (typed.type === 'aside' && last?.state) answer(typed.aside, last.state);
          else if (typed.type !== 'empty' && interactive) refuse('the call is over', '/again calls anew');
          else if (typed.type !== 'empty') unsaid++;
        }
        return false;
      } finally {
        if (unsaid > 0)
          err(`note: ${unsaid} more ${unsaid === 1 ? 'line was' : 'lines were'} not said: the call was over\n`);
      }
    },
  };
}
