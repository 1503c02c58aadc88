import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { collect, head, modelRequest, sseServer } from './sse-server.ts';
import { wires } from './wires.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  for (const clean of cleanups.splice(0)) clean();
});

/** Everything that the SDKs are known to look for, each pointing somewhere else. */
const ENVIRONMENT = {
  OPENAI_API_KEY: 'sk-env',
  OPENAI_ADMIN_KEY: 'sk-env',
  OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
  OPENAI_ORG_ID: 'org-env',
  OPENAI_PROJECT_ID: 'project-env',
  OPENAI_WEBHOOK_SECRET: 'env',
  OPENAI_LOG: 'debug',
  OPENAI_CUSTOM_HEADERS: 'Authorization: Bearer env\nX-Env: env',
  ANTHROPIC_API_KEY: 'sk-env',
  ANTHROPIC_AUTH_TOKEN: 'env',
  ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
  ANTHROPIC_PROFILE: 'env',
  ANTHROPIC_CONFIG_DIR: '/nonexistent/env',
  ANTHROPIC_IDENTITY_TOKEN: 'env',
  ANTHROPIC_FEDERATION_RULE_ID: 'env',
  ANTHROPIC_ORGANIZATION_ID: 'env',
  ANTHROPIC_WORKSPACE_ID: 'env',
  ANTHROPIC_WEBHOOK_SIGNING_KEY: 'env',
  ANTHROPIC_LOG: 'debug',
  ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE: 'content',
  ANTHROPIC_CUSTOM_HEADERS: 'Authorization: Bearer env\nX-Env: env\nanthropic-version: 1999-01-01',
  HTTP_PROXY: 'http://127.0.0.1:1',
  http_proxy: 'http://127.0.0.1:1',
  ALL_PROXY: 'http://127.0.0.1:1',
};

interface Seen {
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

describe.each(['openai', 'anthropic'] as const)('%s', (provider) => {
  const wire = wires[provider];

  async function requestOf(apiKey: string): Promise<Seen> {
    let seen: Seen | undefined;
    const server = await sseServer((res, body, req) => {
      seen = { url: req.url, headers: { ...req.headers, host: '' }, body: JSON.stringify(body) };
      head(res);
      res.end(wire.whole(['Hi.']));
    });
    const client = wire.client(server.url.replace('/v1', ''), { apiKey });
    cleanups.push(client.close, server.close);
    await collect(client.stream(modelRequest(), new AbortController().signal));
    if (seen === undefined) throw new Error('nothing was asked');
    return seen;
  }

  test('the environment changes nothing', async () => {
    const logged = (['log', 'info', 'warn', 'error', 'debug'] as const).map((m) =>
      vi.spyOn(console, m).mockImplementation(() => {}),
    );
    for (const name of Object.keys(ENVIRONMENT)) vi.stubEnv(name, undefined);
    const before = await requestOf('sk-secret');
    for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
    expect(await requestOf('sk-secret')).toEqual(before);
    for (const method of logged) expect(method).not.toHaveBeenCalled();
  });

  test('the key stands in one header and nowhere else; nothing tells of this machine', async () => {
    const { url, headers, body } = await requestOf('sk-secret');
    expect(headers.authorization).toBe('Bearer sk-secret');
    const { authorization: _, ...others } = headers;
    expect(JSON.stringify([url, others, body])).not.toContain('sk-secret');
    const own = ['accept', 'anthropic-version', 'connection', 'content-length', 'content-type', 'host', 'user-agent'];
    expect(Object.keys(others).sort()).toEqual(
      own.filter((n) => provider === 'anthropic' || n !== 'anthropic-version'),
    );
    expect(headers['user-agent']).toMatch(/^hangup-guard\/\d/);
  });

  test('no key, no header; a key that cannot be one is refused at start-up without showing it', async () => {
    expect((await requestOf('')).headers).not.toHaveProperty('authorization');
    expect(() => wire.client('http://127.0.0.1:1', { apiKey: 'sk-se\ncret' })).toThrow(
      new RangeError('the key has characters that no key has'),
    );
  });
});
