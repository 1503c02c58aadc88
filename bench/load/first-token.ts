import { OpenAI } from 'openai';
import { LoadCall } from './call.ts';
import type { ServerProcess } from './server-process.ts';
import type { TapeFrame } from './tape.ts';

/** How the fake model begins every answer; anything else was not said by the model. */
export const MODEL_BEGINS = 'Certainly,';
const ANSWER_WITHIN_MS = 3_000;
/** Between the last update and the request. */
const UPDATE_LEADS_MS = 3;
let opened = 0;

/** Milliseconds from a request to the first token, once. Undefined: the model was not asked, or did not answer. */
export type Asker = () => Promise<number | undefined>;

/** Asks turn after turn of a tape on a call of its own, and begins a new call behind its end. */
export function askServer(server: ServerProcess, tape: readonly TapeFrame[]): Asker {
  const asks = tape.flatMap(({ asks }, at) => (asks > 0 ? [at] : []));
  let call: LoadCall | undefined;
  let next = 0;
  let heard: ((ms: number | undefined) => void) | undefined;
  let done: (() => void) | undefined;
  return async () => {
    if (call === undefined || call.ended || next === asks.length) {
      call?.close();
      next = 0;
      call = new LoadCall(`call_token_${process.pid}_${opened++}`, {
        first: (content, ms) => heard?.(content.startsWith(MODEL_BEGINS) ? ms : undefined),
        done: () => done?.(),
      });
      await call.open(server.url);
      // The greeting, and the look-ups of a beginning call.
      await sleep(50);
    }
    const at = asks[next++] ?? 0;
    const update = tape[at - 1];
    if (update && update.asks === 0) call.write(update.wire);
    await sleep(UPDATE_LEADS_MS);
    const first = new Promise<number | undefined>((resolve) => {
      heard = resolve;
    });
    const complete = new Promise<void>((resolve) => {
      done = resolve;
    });
    const { wire, asks: turn } = tape[at]!;
    call.ask(wire, turn);
    const ms = await Promise.race([first, sleep(ANSWER_WITHIN_MS)]);
    await Promise.race([complete, sleep(ANSWER_WITHIN_MS)]);
    return ms ?? undefined;
  };
}

/** A direct call of the official SDK with its default fetch, with as many messages as the tape has by then. */
export function askDirectly(modelUrl: string, utterances: number): Asker {
  const client = new OpenAI({ apiKey: 'bench', baseURL: modelUrl, maxRetries: 0 });
  const messages = Array.from({ length: utterances }, (_, i) => ({
    role: i % 2 === 0 ? ('assistant' as const) : ('user' as const),
    content: `This is utterance ${i}, about as long as people speak before the other one does.`,
  }));
  return async () => {
    await sleep(UPDATE_LEADS_MS);
    const askedAt = performance.now();
    let first: number | undefined;
    for await (const chunk of await client.chat.completions.create({ model: 'bench', stream: true, messages })) {
      if (chunk.choices[0]?.delta.content) first ??= performance.now() - askedAt;
    }
    return first;
  };
}

/** Asks all of them `rounds` times in turns, swapping who goes first; the first rounds warm up. */
export async function compare(askers: readonly Asker[], rounds: number, warmUp: number): Promise<readonly number[][]> {
  const times = askers.map((): number[] => []);
  for (let round = -warmUp; round < rounds; round++) {
    for (let i = 0; i < askers.length; i++) {
      const who = (i + round + warmUp) % askers.length;
      const ms = await askers[who]!();
      if (round >= 0 && ms !== undefined) times[who]!.push(ms);
    }
  }
  return times;
}

const sleep = (ms: number): Promise<undefined> => new Promise((resolve) => setTimeout(resolve, ms, undefined));
