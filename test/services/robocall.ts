import { agent, caller, type RetellClient, type Spoken } from '../server/retell-client.ts';
import type { FrameOf } from '../server/retell-schema.ts';
import { until } from './serve-kit.ts';

export const HELLO = agent('Hello, how can I help you?');

/** What no customer says, in pieces that take no notice of what the agent answers. */
export const TAPE: readonly string[] = [
  'this is an automated message regarding your vehicle warranty which is about to expire please stay on the line to speak with one of our specialists press one now',
  'this is the final notice press one to speak with a representative or press nine to be removed from our list',
  'press one now to keep your coverage or press nine to be removed from our list',
  'to hear this message again press the star key',
  'this is an automated message regarding your vehicle warranty press one now',
];

export type HangUpFrame = FrameOf<'response'> | FrameOf<'agent_interrupt'>;

/** The frames so far that end the call. */
export const hangUps = (client: RetellClient): HangUpFrame[] =>
  client.frames.filter((one): one is HangUpFrame => 'end_call' in one && one.end_call === true);

/** Where a call stands: the transcript, and the last turn that was asked for. */
export interface Played {
  readonly said: readonly Spoken[];
  readonly turn: number;
}

/** Plays one piece of the tape as the next turn, and waits for the answer. */
export async function playPiece(client: RetellClient, { said, turn }: Played): Promise<Played> {
  const heard = [...said, caller(TAPE[turn % TAPE.length] ?? '')];
  const next = turn + 1;
  client.ask(next, heard);
  const isAnswered = () => client.isComplete(next) || hangUps(client).length > 0;
  await until(client, () => isAnswered() || client.closeCode !== null, `an answer to turn ${next}`);
  if (!isAnswered()) throw new Error(`closed with ${client.closeCode} before the answer to turn ${next}`);
  const answer = client.said(next);
  return { said: answer === '' ? heard : [...heard, agent(answer)], turn: next };
}

/** Plays the tape until the guard has sent a frame that ends the call. The platform has done nothing about it yet. */
export async function playUntilHungUp(
  client: RetellClient,
  from: Played = { said: [HELLO], turn: 0 },
): Promise<Played> {
  let played = from;
  while (hangUps(client).length === 0) {
    if (played.turn > 12) throw new Error(`not hung up: ${JSON.stringify(played.said)}`);
    played = await playPiece(client, played);
  }
  return played;
}
