import { describe, expect, test } from 'vitest';
import type { Utterance } from '../../src/platforms/platform.ts';
import { receptionLines } from '../../src/responders/lines/index.ts';
import { scriptedLine, scriptedResponder } from '../../src/responders/scripted.ts';
import { collect, open, textOf, turn } from './sse-server.ts';

const answer = (text: string, language = 'en', before: Utterance[] = []) =>
  scriptedLine({ kind: 'reply', language, transcript: [...before, { role: 'caller', text }] });

const LANGUAGES = ['en', 'es', 'fr', 'de', 'pt', 'zh', 'ar', 'vi', 'ht', 'hi'];

describe('in English', () => {
  test.each([
    ['Hello?', /^(Hello|Hi)/],
    ['What are your opening hours', /check|look into|find/],
    ['You close at nine, right?', /check|look into|find/],
    ['Yes.', /^(Great|Perfect|Good)/],
    ['No, not really.', /^(No problem|That is fine|All right, no)/],
    ['Thank you so much.', /welcome|pleasure|Happy/],
    ["That's all, thank you.", /goodbye/i],
    ['Okay, bye!', /goodbye/i],
    ['Oh, hold on a second please.', /time|wait|long/],
    ['Let me grab my card.', /time|wait|long/],
    ['It is S M I T H', /noted|wrote|notes/],
    ['My number is 415 555 0133', /noted|wrote|notes/],
    ['four one five, five five five', /noted|wrote|notes/],
    ['(unintelligible audio)', /say it again|repeat|once more/],
    ['', /say it again|repeat|once more/],
    ['I would like a table for four tomorrow at seven.', /^(All right|Sure|I see|Okay|Thanks)/],
    [
      'I said bye to my old dentist because I want to move to another one in town',
      /^(All right|Sure|I see|Okay|Thanks)/,
    ],
  ])('%j', (said, expected) => {
    for (let agentTurns = 0; agentTurns < 6; agentTurns += 1) {
      const before = Array.from({ length: agentTurns }, (): Utterance => ({ role: 'agent', text: 'Fine.' }));
      expect(answer(said, 'en', before)).toMatch(expected);
    }
  });

  test('a reminder asks whether the caller is there; no words at all get a greeting', () => {
    const line = scriptedLine({ kind: 'reminder', language: 'en', transcript: [{ role: 'agent', text: 'Hi.' }] });
    expect(line).toMatch(/there|hear me|still/i);
    expect(scriptedLine({ kind: 'reply', language: 'en', transcript: [] })).toMatch(/^(Hello|Hi)/);
  });

  test('everything since the agent last spoke counts as the turn', () => {
    const transcript: Utterance[] = [
      { role: 'agent', text: 'How can I help?' },
      { role: 'caller', text: 'Thanks,' },
      { role: 'caller', text: "that's all." },
    ];
    expect(scriptedLine({ kind: 'reply', language: 'en', transcript })).toMatch(/goodbye/i);
  });
});

/** One turn of each kind, by language. */
const SAID: Record<string, Record<'hello' | 'bye' | 'wait' | 'thanks' | 'question' | 'yes' | 'no' | 'more', string>> = {
  en: {
    hello: 'Hi there.',
    bye: 'Goodbye.',
    wait: 'One moment.',
    thanks: 'Thanks.',
    question: 'How much is it',
    yes: 'Yes.',
    no: 'No.',
    more: 'I need a dentist.',
  },
  es: {
    hello: 'Hola.',
    bye: 'Adiós.',
    wait: 'Un momento.',
    thanks: 'Gracias.',
    question: 'Cuánto cuesta',
    yes: 'Sí.',
    no: 'No.',
    more: 'Necesito un dentista.',
  },
  fr: {
    hello: 'Bonjour.',
    bye: 'Au revoir.',
    wait: 'Un instant.',
    thanks: 'Merci.',
    question: 'Combien ça coûte',
    yes: 'Oui.',
    no: 'Non.',
    more: 'Il me faut un dentiste.',
  },
  de: {
    hello: 'Hallo.',
    bye: 'Tschüss.',
    wait: 'Einen Moment.',
    thanks: 'Danke.',
    question: 'Was kostet das',
    yes: 'Ja.',
    no: 'Nein.',
    more: 'Ich brauche einen Zahnarzt.',
  },
  pt: {
    hello: 'Olá.',
    bye: 'Tchau.',
    wait: 'Um momento.',
    thanks: 'Obrigada.',
    question: 'Quanto custa',
    yes: 'Sim.',
    no: 'Não.',
    more: 'Preciso de um dentista.',
  },
  zh: {
    hello: '你好。',
    bye: '再见。',
    wait: '等一下。',
    thanks: '谢谢。',
    question: '多少钱',
    yes: '是的。',
    no: '不用。',
    more: '我要看牙医。',
  },
  ar: {
    hello: 'مرحبا.',
    bye: 'مع السلامة.',
    wait: 'لحظة.',
    thanks: 'شكرا.',
    question: 'كم السعر',
    yes: 'نعم.',
    no: 'لا.',
    more: 'أحتاج طبيب أسنان.',
  },
  vi: {
    hello: 'Xin chào.',
    bye: 'Tạm biệt.',
    wait: 'Chờ một chút.',
    thanks: 'Cảm ơn.',
    question: 'Bao nhiêu tiền',
    yes: 'Vâng.',
    no: 'Không.',
    more: 'Tôi cần nha sĩ.',
  },
  ht: {
    hello: 'Bonjou.',
    bye: 'Orevwa.',
    wait: 'Yon moman.',
    thanks: 'Mèsi.',
    question: 'Konbyen li koute',
    yes: 'Wi.',
    no: 'Non.',
    more: 'Mwen bezwen yon dantis.',
  },
  hi: {
    hello: 'नमस्ते।',
    bye: 'अलविदा।',
    wait: 'एक मिनट।',
    thanks: 'धन्यवाद।',
    question: 'कितना पैसा लगेगा',
    yes: 'हाँ।',
    no: 'नहीं।',
    more: 'मुझे डॉक्टर चाहिए।',
  },
};

test('these languages have lines', () => {
  expect([...receptionLines.keys()].sort()).toEqual([...LANGUAGES].sort());
});

describe.each(LANGUAGES)('%s', (language) => {
  const lines = receptionLines.get(language);
  const said = SAID[language];
  if (lines === undefined || said === undefined) throw new Error(`nothing for ${language}`);

  test('sorts simple turns', () => {
    const lists = { ...lines, question: lines.check };
    for (const kind of Object.keys(said) as (keyof typeof said)[]) {
      const line = answer(said[kind], language);
      expect(
        lists[kind].some((start) => line.startsWith(start)),
        `${kind}: ${said[kind]} -> ${line}`,
      ).toBe(true);
    }
  });

  test('every line is short', () => {
    const openers = [lines.hello, lines.check, lines.yes, lines.no, lines.noted, lines.more].flat();
    const all = [
      ...openers.flatMap((opener) => lines.asks.map((ask) => `${opener} ${ask}`)),
      ...[lines.thanks, lines.wait, lines.still, lines.unheard, lines.bye].flat(),
    ];
    for (const line of all) {
      const length = language === 'zh' ? line.length / 1.5 : line.split(/\s+/).filter((w) => /[\p{L}]/u.test(w)).length;
      expect(length, line).toBeGreaterThanOrEqual(6);
      expect(length, line).toBeLessThanOrEqual(18);
    }
  });

  test.each(['more', 'question', 'yes', 'hello', 'thanks', 'bye', 'wait'] as const)(
    'thirty turns of %s: never the same twice in a row',
    (kind) => {
      const transcript: Utterance[] = [];
      const spoken: string[] = [];
      for (let i = 0; i < 30; i += 1) {
        transcript.push({ role: 'caller', text: said[kind] });
        const line = scriptedLine({ kind: 'reply', language, transcript });
        expect(line).not.toBe(spoken.at(-1));
        expect(line).toBe(scriptedLine({ kind: 'reply', language, transcript }));
        spoken.push(line);
        transcript.push({ role: 'agent', text: line });
      }
      if (kind === 'more') expect(new Set(spoken).size).toBe(30);
    },
  );
});

test('a line that was cut off, or joined to another, does not come again at once', () => {
  const first = answer('I need a dentist.');
  for (const before of [first.slice(0, 12), `Hello. ${first}`, first.toUpperCase().replaceAll('.', '')]) {
    for (const agentTurns of [0, 34]) {
      const filler = Array.from({ length: agentTurns }, (): Utterance => ({ role: 'agent', text: 'x' }));
      const transcript: Utterance[] = [
        ...filler,
        { role: 'agent', text: before },
        { role: 'caller', text: 'I need it.' },
      ];
      expect(scriptedLine({ kind: 'reply', language: 'en', transcript })).not.toBe(first);
    }
  }
});

test('languages by tag; those without lines are answered in English', () => {
  expect(answer('x', 'es-MX')).toBe(answer('x', 'es'));
  expect(answer('x', 'cmn-Hans-CN')).toBe(answer('x', 'zh'));
  for (const other of ['ja', 'xx', '', 'constructor', '__proto__']) expect(answer('x', other)).toBe(answer('x', 'en'));
});

test('never says the caller’s words', () => {
  const name = 'Zebedee Quux';
  for (const text of [name, `My name is ${name}?`, `Z E B E D E E ${name}`, `bye ${name}`]) {
    expect(answer(text)).not.toMatch(/zebedee|quux/i);
  }
});

test('long hostile turns cost little', () => {
  const startedAt = performance.now();
  for (const text of ['a '.repeat(500_000), '1-'.repeat(500_000), ' '.repeat(1_000_000), 'one '.repeat(250_000)]) {
    for (const language of LANGUAGES) answer(text, language);
  }
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

test('streams two to four words a piece, and stops when aborted', async () => {
  const session = open(scriptedResponder('scripted'));
  const request = turn('I need a dentist.');
  const pieces = await collect(session.answer(request, new AbortController().signal));
  expect(textOf(pieces)).toBe(scriptedLine(request));
  expect(pieces.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  expect(pieces.length).toBeGreaterThan(2);
  for (const piece of pieces) {
    if (piece.type === 'text') expect(piece.text.trim().split(/\s+/).length).toBeLessThanOrEqual(4);
  }
  const chinese = await collect(session.answer({ ...request, language: 'zh' }, new AbortController().signal));
  expect(chinese.length).toBeGreaterThan(2);
  expect(textOf(chinese)).toBe(scriptedLine({ ...request, language: 'zh' }));

  const stop = new AbortController();
  let count = 0;
  for await (const _piece of session.answer(request, stop.signal)) {
    count += 1;
    stop.abort();
  }
  expect(count).toBe(1);
});
