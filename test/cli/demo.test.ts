import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { DEMO_FIXTURES } from '../../src/cli/demo.ts';
import { ANSWERS_BY } from '../../src/workshop/fake-model/answers-by.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

async function hangupGuard(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args]);
  let out = '';
  let err = '';
  child.stdout.on('data', (piece) => {
    out += piece;
  });
  child.stderr.on('data', (piece) => {
    err += piece;
  });
  const [code] = await once(child, 'close');
  return { code: code as number, out, err };
}

// Time runs eight times as fast as the wall in it: together they would slow each other down, so one after the other.
it.each(ANSWERS_BY)('the demo comes out as expected with --responder %s', { timeout: 120_000 }, async (responder) => {
  const { code, out } = await hangupGuard('demo', '--responder', responder);
  expect(out).not.toContain('!!');
  expect(code).toBe(0);
  for (const name of DEMO_FIXTURES) expect(out).toContain(name);
  expect(out).toContain('Every machine was hung up on with the right category');
  if (responder === 'scripted') expect(out).not.toContain('fake model');
  else expect(out).toMatch(new RegExp(`the ${responder} responder, from a fake model on loopback .* not a model`));
});

it('the demo knows no other responders', async () => {
  expect((await hangupGuard('demo', '--responder', 'gemini')).code).toBe(2);
});

it('play --responder answers through the fake model, in virtual time', async () => {
  const { code, out } = await hangupGuard(
    'play',
    'fixtures/person-spanish-appointment.yaml',
    '--responder',
    'anthropic',
    '--json',
  );
  const { answers, report, calls } = JSON.parse(out) as {
    answers: string;
    report: { unanswered: unknown[] };
    calls: { callMs: number }[];
  };
  expect(code).toBe(0);
  expect(answers).toContain('not a model');
  expect(report.unanswered).toEqual([]);
  expect(calls[0]?.callMs).toBeGreaterThan(30_000);
});

it('play refuses --responder together with --url', async () => {
  const { code, err } = await hangupGuard('play', '--responder', 'openai', '--url', 'ws://127.0.0.1:1/x');
  expect(code).toBe(2);
  expect(err).toMatch(/^error: --responder .*\nhint: /m);
});
