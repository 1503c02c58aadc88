import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { RateLimitError } from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeModelCommand } from '../../src/cli/fake-model.ts';
import { runCli } from '../../src/cli/program.ts';
import { parseConfig } from '../../src/config.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Runs the real program until it has printed what it says at its start. */
async function fakeModelProcess(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', main, 'fake-model', '--port', '0', ...args]);
  children.push(child);
  let out = '';
  child.stdout.on('data', (piece) => {
    out += piece;
  });
  const end = args.includes('--json') ? '}\n' : 'Ctrl-C ends it.\n';
  while (!out.endsWith(end)) await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
  return {
    started: out,
    async stop() {
      const before = out.length;
      child.kill('SIGTERM');
      const [code] = await once(child, 'close');
      return { code: code as number, said: out.slice(before) };
    },
  };
}

async function wrong(...args: string[]) {
  let err = '';
  const code = await runCli([{ make: fakeModelCommand }], ['fake-model', ...args], {
    out: () => {},
    err: (text) => {
      err += text;
    },
  });
  return { code, err };
}

const messages = [{ role: 'user' as const, content: 'Hello, are you open today?' }];

describe('hangup-guard fake-model', () => {
  it('says what it is and how to use it, answers over both APIs, and ends in order', async () => {
    const { started, stop } = await fakeModelProcess('--first-token-ms', '0', '--token-ms', '0');
    expect(started).toContain('This is not a model.');
    const [openaiUrl, anthropicUrl] = [...started.matchAll(/^ {2}\w+ +base_url: (\S+)$/gm)].map((match) => match[1]);
    const yaml = started.slice(started.indexOf('  mode:'), started.indexOf('Ctrl-C')).replace(/^ {2}/gm, '');
    expect(parseConfig(yaml, 'shown').responders.fake).toMatchObject({ type: 'openai', base_url: openaiUrl });
    const openai = new OpenAI({ apiKey: 'none', baseURL: openaiUrl });
    const anthropic = new Anthropic({ apiKey: 'none', authToken: null, baseURL: anthropicUrl });
    const { choices } = await openai.chat.completions.create({ model: 'm', messages });
    const { content } = await anthropic.messages.create({ model: 'm', max_tokens: 100, messages });
    expect(content).toMatchObject([{ text: choices[0]?.message.content }]);
    expect(await stop()).toEqual({ code: 0, said: '2 requests, 0 of them with a fault\n' });
  });

  it('makes the faults that it is told to make, and speaks JSON', async () => {
    const { started, stop } = await fakeModelProcess('--json', '--fault', '429', '--seed', 'x');
    const { baseUrl } = JSON.parse(started) as { baseUrl: { openai: string } };
    const openai = new OpenAI({ apiKey: 'none', baseURL: baseUrl.openai, maxRetries: 0 });
    await expect(openai.chat.completions.create({ model: 'm', messages })).rejects.toBeInstanceOf(RateLimitError);
    const { said } = await stop();
    expect(JSON.parse(said)).toEqual({ requests: 1, faults: 1 });
  });

  it.each([
    [['--fault', 'stal:0.1'], 'error: --fault: no fault "stal"; did you mean "stall"?\nhint: '],
    [['--fault', 'stall:2'], 'must be between 0 and 1'],
    [['--fault', 'stall:0.6', 'cut:0.6'], 'the probabilities add up to 1.2\nhint: '],
    [['--port', '70000'], 'A whole number from 0 to 65535 is needed.'],
    [['--token-ms', 'fast'], "option '--token-ms <n>' argument 'fast' is invalid"],
    [['--first-token', '5'], 'unknown option'],
  ])('%j is wrong usage', async (args, expected) => {
    const { code, err } = await wrong(...args);
    expect(code).toBe(2);
    expect(err).toContain(expected);
  });
});
