import { connectInProcess } from '../../src/workshop/player/connect-in-process.ts';
import { type PlayOptions, playCall } from '../../src/workshop/player/play-call.ts';
import type { PlayResult } from '../../src/workshop/player/play-result.ts';
import type { Scenario } from '../../src/workshop/player/scenario.ts';
import { VirtualClock } from '../../src/workshop/player/virtual-clock.ts';
import { countWords } from '../../src/workshop/player/words.ts';
import { openScript, type Script } from './retell-server.ts';

export const PROBES = {
  en: {
    hold: ['One moment please.'],
    who: ['May I ask who is calling?'],
    there: ['Are you still there?'],
    closing: ['If you are there, please say something or press a key.'],
  },
} as const;

export function scenario(over: Partial<Scenario> & Pick<Scenario, 'kind' | 'lines'>): Scenario {
  return {
    id: 'test',
    set: 'test',
    language: 'en',
    agent: 'default',
    direction: 'inbound',
    optOut: false,
    sipHeaders: {},
    before: [],
    probes: {},
    improvise: false,
    wordsTotal: over.lines.reduce((sum, line) => sum + (line.type === 'say' ? countWords(line.text) : 0), 0),
    ...over,
  };
}

export function says(...texts: string[]): Scenario['lines'] {
  return texts.map((text) => ({ type: 'say', text }));
}

/** Plays one call in virtual time. */
export async function play(what: Scenario, script: Script, over: Partial<PlayOptions> = {}): Promise<PlayResult> {
  const clock = new VirtualClock();
  const result = await clock.run(
    playCall(what, {
      connect: connectInProcess(openScript(script)),
      clock,
      seed: 1,
      probeTexts: PROBES,
      keepFrames: true,
      ...over,
    }),
  );
  if (result === undefined) throw new Error('the call did not end');
  return result;
}
