import { describe, expect, it } from 'vitest';
import type { Utterance } from '../../../src/platforms/platform.ts';
import { languageName } from '../../../src/responders/language.ts';
import { receptionLines } from '../../../src/responders/lines/index.ts';
import { scriptedLine } from '../../../src/responders/scripted.ts';
import { readBack } from '../../../src/workshop/fake-model/read-back.ts';
import { anthropicBody, fakeModel } from './fake-model-kit.ts';

type Message = { role: 'user' | 'assistant'; content: string };

/** A conversation as the guard puts it before a model. */
function conversation(transcript: readonly Utterance[], cue = ''): Message[] {
  const messages: Message[] = transcript.map(({ role, text }) =>
    role === 'agent' ? { role: 'assistant', content: text } : { role: 'user', content: `<caller>${text}</caller>` },
  );
  if (messages[0]?.role === 'assistant') messages.unshift({ role: 'user', content: '(The call has begun.)' });
  const last = messages.at(-1);
  if (cue !== '' && last?.role === 'user') last.content += `\n${cue}`;
  else if (cue !== '') messages.push({ role: 'user', content: cue });
  return messages;
}

const TALK: Utterance[] = [
  { role: 'agent', text: 'Hello, how can I help?' },
  { role: 'caller', text: 'Hi, could you tell me when you open (I mean tomorrow)?' },
  { role: 'agent', text: 'Let me check that for you. What else should I know?' },
  { role: 'caller', text: 'My number is 5 5 5 0 1 4 3.' },
];
const SILENT = '(The caller has been silent for a while. Ask in one short sentence whether they are still there.)';

describe('the default mind says what the scripted responder would', () => {
  it.each([...receptionLines.keys()])('over both APIs, in %s', async (language) => {
    const { openai, anthropic } = await fakeModel();
    const system = `You are Ada; you may speak English to staff.\n\nSpeak ${languageName(language)}; change only if the caller speaks another language.`;
    for (let turns = 0; turns <= TALK.length; turns++) {
      const transcript = TALK.slice(0, turns);
      const expected = scriptedLine({ kind: 'reply', transcript, language });
      const messages = conversation(
        transcript,
        transcript.at(-1)?.role === 'caller' ? '' : '(It is your turn to speak.)',
      );
      const over = await openai.chat.completions.create({
        model: 'm',
        messages: [{ role: 'system', content: system }, ...messages],
      });
      expect(over.choices[0]?.message.content).toBe(expected);
      expect((await anthropic.messages.create({ ...anthropicBody, system, messages })).content).toMatchObject([
        { text: expected },
      ]);
    }
  });

  it('knows a reminder by its cue, and only by it', () => {
    const ask = { dialect: 'openai' as const, model: 'm', system: '', tools: [] };
    const silent = [...TALK.slice(0, 3)];
    expect(readBack({ ...ask, messages: conversation(silent, SILENT) })).toMatchObject({
      kind: 'reminder',
      transcript: silent,
    });
    expect(readBack({ ...ask, messages: conversation(TALK, SILENT) })).toMatchObject({
      kind: 'reminder',
      transcript: TALK,
    });
    const said: Utterance[] = [{ role: 'caller', text: SILENT }];
    expect(readBack({ ...ask, messages: conversation(said) })).toMatchObject({ kind: 'reply', transcript: said });
  });

  it('follows the language of the caller where the guard says it', () => {
    const ask = { dialect: 'openai' as const, model: 'm', system: 'Speak English.', tools: [] };
    const heard = (tag: string) =>
      readBack({ ...ask, messages: conversation(TALK, `(The caller seems to speak ${languageName(tag)}.)`) }).language;
    for (const tag of receptionLines.keys()) expect(heard(tag)).toBe(tag);
    expect([heard('pt-BR'), heard('es-MX'), heard('cmn-Hans'), heard('it')]).toEqual(['pt', 'es', 'zh', 'en']);
  });

  it('guesses without a prompt, and reads plain messages', () => {
    const messages = [{ role: 'user' as const, content: 'Hallo, ich habe eine Frage zu meiner Rechnung.' }];
    const ask = { dialect: 'openai' as const, model: 'm', system: '', tools: [], messages };
    expect(readBack(ask)).toEqual({
      kind: 'reply',
      language: 'de',
      transcript: [{ role: 'caller', text: messages[0]?.content }],
    });
  });
});
