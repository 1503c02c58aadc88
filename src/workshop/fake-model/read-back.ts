import { languageOf, voteLanguage } from '../../guard/language.ts';
import { tokenize } from '../../guard/tokens.ts';
import type { Utterance } from '../../platforms/platform.ts';
import { languageName } from '../../responders/language.ts';
import { receptionLines } from '../../responders/lines/index.ts';
import type { TurnRequest } from '../../responders/responder.ts';
import type { Ask } from './mind.ts';

const CALLER = /<caller>([\s\S]*?)<\/caller>/g;
const REMINDER = /\((?:[^()]*\b)?(?:silent|still there)\b[^()]*\)/i;
const SEEMS_TO_SPEAK = /\(The caller seems to speak ([^().]{1,60})\.?\)/i;

/** English name of each language that the receptionist has lines in, to its tag. */
const TAG_OF = new Map([...receptionLines.keys()].map((tag) => [languageName(tag).toLowerCase(), tag]));
TAG_OF.set('cantonese', 'zh');
const NAMES = [...TAG_OF.keys()].join('|');
/** How prompts say which language the agent speaks; the guard's own line is the last. */
const SYSTEM_LANGUAGE = new RegExp(
  `\\b(?:speak|language(?: is|:)?|(?:answer|reply) in)\\s+(?:[\\w-]+\\s)?(${NAMES})\\b`,
  'gi',
);

/**
 * The turn that a conversation asks for, read out of the messages that the guard makes of it: the caller's words stand
 * in `<caller>…</caller>`, cues in parentheses outside of it. A conversation without these marks is read as it stands.
 */
export function readBack(ask: Ask): Pick<TurnRequest, 'kind' | 'transcript' | 'language'> {
  const marked = ask.messages.some((message) => message.role === 'user' && message.content.includes('<caller>'));
  const transcript: Utterance[] = [];
  let cue = '';
  for (const message of ask.messages) {
    if (message.role === 'tool') continue;
    if (message.role === 'assistant') {
      if (message.content.trim() !== '') transcript.push({ role: 'agent', text: message.content });
      continue;
    }
    const said = [...message.content.matchAll(CALLER)].map((match) => match[1] ?? '');
    cue = message.content.replace(CALLER, ' ').trim();
    const whole = cue !== '' && !marked && !cue.startsWith('(');
    for (const text of whole ? [cue] : said) transcript.push({ role: 'caller', text });
    if (whole) cue = '';
  }
  return { kind: REMINDER.test(cue) ? 'reminder' : 'reply', transcript, language: languageFor(ask, cue, transcript) };
}

function languageFor(ask: Ask, cue: string, transcript: readonly Utterance[]): string {
  const told = SEEMS_TO_SPEAK.exec(cue)?.[1];
  const name =
    told === undefined ? [...ask.system.matchAll(SYSTEM_LANGUAGE)].at(-1)?.[1] : new RegExp(NAMES, 'i').exec(told)?.[0];
  const tag = TAG_OF.get(name?.toLowerCase() ?? '');
  if (tag !== undefined || told !== undefined) return tag ?? 'en';
  const words = transcript.filter(({ role }) => role === 'caller').flatMap(({ text }) => tokenize(text).words);
  return languageOf(voteLanguage({}, words), 'en');
}
