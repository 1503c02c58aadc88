import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parseConfig, type Secrets } from '../../src/config.ts';
import type { DoctorContext, Finding } from '../../src/doctor/check.ts';
import { examine } from '../../src/doctor/index.ts';
import { guardUnderTest } from '../server/guard-kit.ts';

const dirs: string[] = [];
const servers: http.Server[] = [];

afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'doctor-test-'));
  dirs.push(dir);
  return dir;
}

/** A server that answers by path, and keeps what it was sent. */
async function server(answers: Record<string, number>, date?: Date) {
  const seen: { path: string; headers: http.IncomingHttpHeaders }[] = [];
  const made = http.createServer((req, res) => {
    seen.push({ path: req.url ?? '', headers: req.headers });
    if (date) res.setHeader('date', date.toUTCString());
    res.writeHead(answers[req.url ?? ''] ?? 404).end();
  });
  servers.push(made);
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(made.address() as AddressInfo).port}`, seen };
}

async function doctor(
  config: object,
  changes: Partial<DoctorContext> & { secrets?: Secrets } = {},
): Promise<{ all: Finding[]; of: (part: string) => Finding[]; text: string }> {
  const { url: quiet } = await server({ '/': 200 });
  const records = { dir: join(tempDir(), 'data') };
  const examined = await examine({
    config: parseConfig(JSON.stringify({ records, ...config }), 'test.yaml'),
    secrets: {},
    publicUrl: undefined,
    offline: false,
    retellUrl: quiet,
    timeoutMs: 1_000,
    ...changes,
  });
  const all = examined.flatMap(({ findings }) => findings);
  return {
    all,
    of: (name) => examined.find((one) => one.name === name)?.findings.slice() ?? [],
    text: JSON.stringify(examined),
  };
}

const model = (base_url: string, more: object = {}) => ({
  responders: { main: { type: 'openai', model: 'm', base_url, ...more } },
  agents: { default: { responder: 'main' } },
});
const statuses = (findings: readonly Finding[]): string[] => findings.map(({ status }) => status);

describe('doctor', () => {
  it('finds a model that takes the key, and sends the key nowhere else', async () => {
    const { url, seen } = await server({ '/v1/models': 200 });
    const { of, text } = await doctor(model(`${url}/v1`), { secrets: { openaiApiKey: 'sk-secret-secret-secret' } });
    expect(statuses(of('models'))).toEqual(['ok']);
    expect(seen).toMatchObject([{ path: '/v1/models', headers: { authorization: 'Bearer sk-secret-secret-secret' } }]);
    expect(text).not.toContain('secret-secret');
  });

  it('says which variable to look at when a server refuses the key', async () => {
    const { url } = await server({ '/v1/models': 401 });
    const secrets = { env: { OTHER_KEY: 'other-secret' } };
    const { of } = await doctor(model(`${url}/v1`, { key_env: 'OTHER_KEY' }), { secrets });
    expect(of('models')).toMatchObject([
      { status: 'fail', message: expect.stringContaining('refuses the key'), fix: 'check OTHER_KEY' },
    ]);
  });

  it('finds missing, mangled and swapped keys', async () => {
    const spec = { responders: { a: { type: 'openai', model: 'm' }, b: { type: 'anthropic', model: 'm' } } };
    const offline = { offline: true };
    const missing = await doctor(spec, offline);
    expect(statuses(missing.of('models'))).toEqual(['fail', 'fail']);
    expect(missing.text).toContain('OPENAI_API_KEY is not set');
    const blank = await doctor(spec, {
      ...offline,
      secrets: { openaiApiKey: 'sk-abc def', anthropicApiKey: 'sk-ant-x\ny' },
    });
    expect(statuses(blank.of('models'))).toEqual(['fail', 'fail']);
    const swapped = await doctor(spec, {
      ...offline,
      secrets: { openaiApiKey: 'sk-ant-api03-aaaaaaaaaaaaaaaaaaaa', anthropicApiKey: 'sk-proj-aaaaaaaaaaaaaaaaaaaa' },
    });
    expect(statuses(swapped.of('models'))).toEqual(['warn', 'skip', 'warn', 'skip']);
  });

  it('finds servers that are not there', async () => {
    const { url } = await server({});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const gone = `${url}/v1`;
    const responders = {
      main: { type: 'openai', model: 'm', base_url: gone },
      up: { type: 'relay', url: url.replace('http', 'ws') },
    };
    const { of } = await doctor({ responders });
    expect(of('models')).toMatchObject([{ status: 'fail', message: expect.stringContaining('ECONNREFUSED') }]);
    expect(of('relay')).toMatchObject([{ status: 'fail', message: expect.stringContaining('ECONNREFUSED') }]);
  });

  it('sends nothing with --offline', async () => {
    const { url, seen } = await server({});
    const { of } = await doctor(model(`${url}/v1`), {
      offline: true,
      retellUrl: url,
      publicUrl: `${url.replace('http', 'ws')}/llm-websocket/default`,
      secrets: { retellApiKey: 'key_1', openaiApiKey: 'k' },
    });
    expect(seen).toEqual([]);
    expect(statuses(of('platform'))).toEqual(['skip']);
  });

  it('finds a clock that is off', async () => {
    const { url } = await server({ '/': 200 }, new Date(Date.now() - 3_600_000));
    const { of } = await doctor({}, { retellUrl: url });
    expect(of('clock')).toMatchObject([
      { status: 'fail', message: expect.stringMatching(/3600 s ahead|3599 s ahead|3601 s ahead/) },
    ]);
  });

  it('finds a store that cannot be written, and leaves nothing behind in one that can', async () => {
    const good = join(tempDir(), 'data');
    expect(statuses((await doctor({ records: { dir: good } })).of('store'))).toEqual(['ok']);
    expect(() => rmSync(good)).toThrow(/ENOENT/);
    const file = join(tempDir(), 'file');
    writeFileSync(file, '');
    const { of } = await doctor({ records: { dir: join(file, 'data') } });
    expect(of('store')).toMatchObject([{ status: 'fail', fix: expect.stringContaining('records.dir') }]);
    const open = join(tempDir(), 'open');
    mkdirSync(open, { mode: 0o755 });
    expect((await doctor({ records: { dir: open } })).of('store')).toContainEqual(
      expect.objectContaining({ status: 'warn', message: expect.stringContaining('others on this machine') }),
    );
  });

  it('refuses to leave a guard open to everybody', async () => {
    const { of } = await doctor({ listen: { host: '0.0.0.0' } });
    expect(of('url')).toContainEqual(
      expect.objectContaining({ status: 'fail', message: expect.stringContaining('HANGUP_GUARD_KEY') }),
    );
  });

  it('tries the way in without opening a call', async () => {
    const secrets = { guardKey: 'a-long-enough-key-1234' };
    const test = await guardUnderTest({}, { secrets });
    const publicUrl = `ws://127.0.0.1:${test.guard.port}/llm-websocket/default`;
    const good = await doctor({}, { secrets, publicUrl });
    expect(good.of('url')).toContainEqual(
      expect.objectContaining({ status: 'ok', message: expect.stringContaining('leads to a guard') }),
    );
    // Loopback and ws: are told of as well.
    expect(statuses(good.of('url')).filter((status) => status === 'fail')).toHaveLength(2);
    const other = await doctor({}, { secrets: { guardKey: 'another-long-key-123' }, publicUrl });
    expect(other.of('url')).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('another secret') }),
    );
    expect(test.guard.live()).toBe(0);
    expect(await test.total('hangup_guard_sockets_total')).toBe(0);
  });

  it('says what happens while each part is down', async () => {
    const examined = JSON.parse((await doctor({})).text) as { name: string; ifDown: string }[];
    expect(examined.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['config', 'prompts', 'models', 'relay', 'platform', 'url', 'store', 'memory', 'clock']),
    );
    expect(examined.every(({ ifDown }) => ifDown.length > 20)).toBe(true);
  });
});
