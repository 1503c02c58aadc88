import { exchange } from './talk.ts';
import { makeTape, type TapeFrame } from './tape.ts';

const TAPES = 16;
/** Ages of the calls are spread over so many exchanges; those at the end have frames of 90 KB. */
const AGES = 58;
/** Longer than any exchange, so that calls begin anywhere within one. */
const ANYWHERE_MS = 12_000;

/** Ordinary calls of all ages at the pace of speech. */
export function naturalTapes(lastsMs: number, tools: boolean): readonly (readonly TapeFrame[])[] {
  return Array.from({ length: TAPES }, (_, i) =>
    makeTape({
      seed: `natural ${i}`,
      fromTurn: Math.round((i * AGES) / (TAPES - 1)),
      skipMs: (i * 0.618 * ANYWHERE_MS) % ANYWHERE_MS,
      lastsMs,
      tools,
      exchange,
    }),
  );
}

/** Some frames of a tape, one every `everyMs`. */
export function evenly(frames: readonly TapeFrame[], everyMs: number): readonly TapeFrame[] {
  return frames.map((frame, i) => ({ ...frame, atMs: i * everyMs }));
}

/** Calls of one age in which only updates come, `perSecond` of them. */
export function updateTapes(fromTurn: number, perSecond: number, lastsMs: number) {
  return Array.from({ length: 4 }, (_, i) => {
    const count = Math.ceil((lastsMs * perSecond) / 1000);
    const turns = Math.ceil(count / 12);
    const frames = makeTape({ seed: `updates ${i}`, fromTurn, turns, tools: false, exchange });
    return evenly(frames.filter(({ asks }) => asks === 0).slice(0, count), 1000 / perSecond);
  });
}

/** Calls of one age in which every frame is a request with a new exchange before it. */
export function turnTapes(fromTurn: number, everyMs: number, lastsMs: number) {
  return Array.from({ length: 4 }, (_, i) => {
    const turns = Math.ceil(lastsMs / everyMs);
    const frames = makeTape({ seed: `turns ${i}`, fromTurn, turns, tools: false, exchange });
    return evenly(
      frames.filter(({ asks }) => asks > 0),
      everyMs,
    );
  });
}
