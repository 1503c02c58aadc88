import type { ToolRound } from '../responders/responder.ts';

const MOST_CHARS = 64;

/**
 * Names the calls of one reply unlike all others that the model is shown: providers refuse a conversation in which an id
 * stands twice, and some servers give no ids, count from 0 in each answer, or use characters that others refuse.
 */
export function toolIds(earlier: readonly ToolRound[]): (given: string) => string {
  const taken = new Set(earlier.flatMap(({ calls }) => calls.map(({ id }) => id)));
  return (given) => {
    const wanted = given.replace(/[^\w-]/g, '').slice(0, MOST_CHARS - 4) || 'call';
    let id = wanted;
    for (let n = 2; taken.has(id); n++) id = `${wanted}_${n}`;
    taken.add(id);
    return id;
  };
}
