import type { Utterance } from '../platforms/platform.ts';
import { baseLanguage, languageName } from './language.ts';
import type { PromptMessage } from './model-client.ts';
import { type PlacedRound, roundMessages, sentRounds } from './prompt-rounds.ts';
import { asSpeech } from './prompt-text.ts';
import type { TurnRequest } from './responder.ts';

export { asSpeech } from './prompt-text.ts';

/** Only the end of a long call is sent. */
export const MAX_UTTERANCES = 200;
export const MAX_TRANSCRIPT_CHARS = 40_000;

/**
 * Cues stand in the user's place, outside the caller's tags, where the caller has said nothing: some servers' templates
 * accept only user and assistant in turns, the user first.
 */
const CUES = {
  begin: '(The call has begun.)',
  reply: '(It is your turn to speak.)',
  reminder: '(The caller has been silent for a while. Ask in one short sentence whether they are still there.)',
};

/**
 * The messages for one turn, without the system prompt: user first, user and assistant strictly in turns, where the
 * results of tools count as the user's. What the caller said stands in `<caller>…</caller>` and nowhere else; neither
 * caller, agent nor tool can write that tag or any other.
 *
 * @param agentLanguage BCP 47; the model is told when the caller seems to speak another language.
 */
export function buildMessages(
  request: Pick<TurnRequest, 'kind' | 'transcript' | 'language' | 'rounds'>,
  agentLanguage: string,
): PromptMessage[] {
  const { transcript } = request;
  const { first, texts } = recent(transcript);
  const rounds = sentRounds(request.rounds, first, transcript.length);
  const prompt = promptInTurns();
  let placed = 0;
  for (let i = first; i <= transcript.length; i += 1) {
    // What this turn asks for comes before the tools that were called for it.
    if (i === transcript.length) prompt.ask(request.kind);
    for (; rounds[placed]?.at === i; placed += 1) {
      prompt.round(roundMessages(rounds[placed] as PlacedRound, nextOfAgent(transcript, i)));
    }
    const text = texts[i - first];
    if (text) prompt.say(transcript[i]?.role ?? 'caller', text);
  }
  return withLanguage(prompt.messages, request.language, agentLanguage);
}

/** Keeps the order that providers insist on, whatever is added. */
function promptInTurns() {
  const messages: PromptMessage[] = [];
  const add = (message: PromptMessage) => messages.push(message);
  /** Words of one speaker, until the other speaks. */
  let open: Utterance | undefined;
  const flush = () => {
    if (open?.role === 'caller') add({ role: 'user', content: `<caller>${open.text}</caller>` });
    if (open?.role === 'agent') {
      beforeAssistant();
      add({ role: 'assistant', content: open.text });
    }
    open = undefined;
  };
  const beforeAssistant = () => {
    const last = messages.at(-1);
    if (last === undefined) add({ role: 'user', content: CUES.begin });
    else if (last.role === 'assistant') add({ role: 'user', content: CUES.reply });
  };
  return {
    messages,
    /** Joins neighbours of the same speaker. */
    say(role: Utterance['role'], text: string) {
      if (open?.role !== role) flush();
      open = { role, text: open === undefined ? text : `${open.text} ${text}` };
    },
    round(pair: readonly PromptMessage[]) {
      flush();
      beforeAssistant();
      messages.push(...pair);
    },
    ask(kind: TurnRequest['kind']) {
      flush();
      const last = messages.at(-1);
      if (kind === 'reminder' && last?.role === 'user') {
        messages[messages.length - 1] = { role: 'user', content: `${last.content}\n${CUES.reminder}` };
      } else if (kind === 'reminder') add({ role: 'user', content: CUES.reminder });
      else if (last === undefined || last.role === 'assistant') add({ role: 'user', content: CUES.reply });
    },
  };
}

/** Says in the last message of the user, outside the caller's tags, that the caller speaks another language. */
function withLanguage(messages: PromptMessage[], spoken: string, ofAgent: string): PromptMessage[] {
  const language = baseLanguage(spoken);
  const at = messages.findLastIndex(({ role }) => role === 'user');
  const last = messages[at];
  if (spoken === '' || language === baseLanguage(ofAgent) || last?.role !== 'user') return messages;
  const content = `${last.content}\n(The caller seems to speak ${languageName(language)}.)`;
  return messages.with(at, { role: 'user', content });
}

/** What the agent said next: its first utterance from there on, with those right behind it. */
function nextOfAgent(transcript: readonly Utterance[], from: number): string | undefined {
  const start = transcript.findIndex(({ role }, i) => i >= from && role === 'agent');
  if (start < 0) return undefined;
  const end = transcript.findIndex(({ role }, i) => i > start && role !== 'agent');
  const texts = transcript.slice(start, end < 0 ? undefined : end).map(({ text }) => text);
  return texts.join(' ').slice(0, MAX_TRANSCRIPT_CHARS);
}

/** The last utterances within both limits, oldest first, each made safe. An utterance that is too long keeps its end. */
function recent(transcript: readonly Utterance[]): { first: number; texts: string[] } {
  const texts: string[] = [];
  const lowest = Math.max(0, transcript.length - MAX_UTTERANCES);
  let first = transcript.length;
  for (let room = MAX_TRANSCRIPT_CHARS; first > lowest && room > 0; ) {
    first -= 1;
    const text = asSpeech((transcript[first]?.text ?? '').slice(-room));
    room -= text.length;
    texts.push(text);
  }
  return { first, texts: texts.reverse() };
}
