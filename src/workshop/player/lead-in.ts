import type { Clock } from '../../clock.ts';
import type { Caller, CallerLink } from './caller.ts';
import { Timeline } from './timeline.ts';

/**
 * A caller who plays a call until they have said all (or want to leave), and then no more: `over` is called once, when
 * somebody else is to go on.
 */
export function leadIn(
  link: CallerLink,
  options: {
    readonly clock: Clock;
    readonly caller: (link: CallerLink) => Caller;
    readonly said: (text: string, fromMs: number) => void;
    readonly pressed: (digit: string, atMs: number) => void;
    readonly over: () => void;
  },
): Caller {
  // A timeline of their own: stopped, whatever they still had in mind does not happen.
  const timeline = new Timeline(options.clock);
  let isOver = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    timeline.stop();
    options.over();
  };
  const check = (): void => {
    if (caller.saidAllMs !== null) finish();
  };
  const caller = options.caller({
    timeline,
    agentSpeaking: () => link.agentSpeaking(),
    say: (text, then) => {
      const fromMs = link.timeline.nowMs();
      link.say(text, () => {
        options.said(text, fromMs);
        then();
        // A tape knows that it is at its end only a moment later.
        link.timeline.after(0, check);
      });
    },
    press: (digit) => {
      options.pressed(digit, link.timeline.nowMs());
      link.press(digit);
      link.timeline.after(0, check);
    },
    leave: finish,
  });
  return {
    pickUp: () => caller.pickUp(),
    agentStarted: () => caller.agentStarted(),
    agentQuiet: (heard) => caller.agentQuiet(heard),
    reminded: () => caller.reminded(),
    get saidAllMs() {
      return caller.saidAllMs;
    },
  };
}
