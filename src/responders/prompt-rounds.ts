import type { PromptMessage } from './model-client.ts';
import { asData, asSpeech, withoutTags } from './prompt-text.ts';
import type { ToolRound } from './responder.ts';

/** Only the last rounds of a call are sent. */
export const MAX_ROUNDS = 8;
export const MAX_RESULT_CHARS = 4_000;
const MAX_ROUND_TEXT_CHARS = 2_000;
const MAX_SENT_ARGUMENT_CHARS = 4_000;

/** A round with its place: after so many utterances of the transcript. */
export interface PlacedRound {
  readonly at: number;
  readonly round: ToolRound;
  /** Counted over the whole call, so that a call of a tool keeps its id in every request. */
  readonly number: number;
}

/**
 * The rounds that are sent, in order: the last ones, and none that stands before the first utterance that is sent.
 * @param first index of that utterance; 0: nothing was cut away.
 */
export function sentRounds(rounds: readonly ToolRound[], first: number, utterances: number): PlacedRound[] {
  return rounds
    .map((round, number) => ({ at: Math.max(0, Math.min(round.at, utterances)), round, number }))
    .filter(({ at, round }) => round.calls.length > 0 && (first === 0 || at > first))
    .slice(-MAX_ROUNDS)
    .sort((a, b) => a.at - b.at);
}

/**
 * The assistant's message with its calls, and the results. Ids are made anew: those of one provider are refused by
 * another, and some servers use the same ones again.
 * @param spoken what the agent says next in the transcript: what is in there is not said twice.
 */
export function roundMessages({ round, number }: PlacedRound, spoken: string | undefined): PromptMessage[] {
  const text = asSpeech(round.text.slice(0, MAX_ROUND_TEXT_CHARS));
  const left = [...round.results];
  const idOf = (index: number) => `call_${number}_${index}`;
  return [
    {
      role: 'assistant',
      content: spoken !== undefined && says(spoken, text) ? '' : text,
      calls: round.calls.map((call, i) => ({
        id: idOf(i),
        name: toolName(call.name),
        arguments: sent(call.arguments),
      })),
    },
    {
      role: 'tool',
      results: round.calls.map((call, i) => {
        const at = left.findIndex((result) => result.id === call.id);
        const [result] = at < 0 ? [] : left.splice(at, 1);
        return { id: idOf(i), content: content(result?.content), failed: result?.failed ?? true };
      }),
    },
  ];
}

/** Whether the utterance has the text in it, or is its beginning (the caller interrupted). */
function says(spoken: string, text: string): boolean {
  const [said, meant] = [essence(spoken), essence(text)];
  return said !== '' && (said.includes(meant) || meant.startsWith(said));
}

/** Letters and digits only: platforms change case and punctuation of what was spoken. */
function essence(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
}

function content(text: string | undefined): string {
  // Cut twice: cleaning may not be handed megabytes.
  return (
    asData((text ?? '').slice(0, 2 * MAX_RESULT_CHARS))
      .slice(0, MAX_RESULT_CHARS)
      .replace(/\p{Cs}/gu, '') || '(no result)'
  );
}

/** What the model wrote, as it was checked when it came; too long, it is left out, as half an object is none. */
function sent(json: string): string {
  return json.length > MAX_SENT_ARGUMENT_CHARS ? '{}' : withoutTags(json);
}

/** The characters that providers take; a model may have made the name up. */
function toolName(name: string): string {
  return name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64) || 'tool';
}
