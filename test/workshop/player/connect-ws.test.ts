import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { scaledClock } from '../../../src/clock.ts';
import { callUrl, connectWs } from '../../../src/workshop/player/connect-ws.ts';
import { playCall } from '../../../src/workshop/player/play-call.ts';
import { parrot, reply, type Script, serveScript } from '../retell-server.ts';
import { PROBES, says, scenario } from '../scenarios.ts';

const RATE = 60;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function playOver(script: Script, url?: string) {
  const server = await serveScript(script);
  open.push(server);
  const result = await playCall(
    scenario({ kind: 'person', lines: says('Hello there.', 'I need a taxi.', 'Thanks.') }),
    {
      connect: connectWs(url ?? server.url),
      clock: scaledClock(RATE),
      seed: 3,
      probeTexts: PROBES,
    },
  );
  return { server, result };
}

describe('callUrl', () => {
  it('adds the call id as last segment of the path and keeps the query', () => {
    const url = (base: string): string => callUrl(base, 'default', 'call_1').href;
    expect(url('wss://host/llm-websocket/agent?key=a%2Fb')).toBe('wss://host/llm-websocket/agent/call_1?key=a%2Fb');
    expect(url('https://host/llm-websocket/agent/secret/')).toBe('wss://host/llm-websocket/agent/secret/call_1');
    expect(url('http://host:1/llm-websocket?key=x')).toBe('ws://host:1/llm-websocket/default/call_1?key=x');
    expect(() => url('ftp://host/')).toThrow(TypeError);
  });
});

describe('a call over real WebSockets', () => {
  it('is played to its end', async () => {
    const { server, result } = await playOver(parrot);
    expect(server.paths[0]).toBe(`/llm-websocket/default/${result.callId}?key=secret`);
    expect(result).toMatchObject({ endedBy: 'caller', unanswered: [], reconnects: 0, callerWords: 7 });
  });

  it('sees the server hang up with 1000, and dials again after a drop', async () => {
    const ends: Script = {
      onOpen: (say) => say(reply(0, 'Hello?')),
      onFrame: (frame, _say, wire) => frame.response_id === 1 && wire.close(1000),
    };
    expect((await playOver(ends)).result).toMatchObject({ endedBy: 'agent', how: 'closed 1000' });
    let drops = 0;
    const drop: Script = {
      onOpen: (say) => say(reply(0, 'Hello?')),
      onFrame: (frame, say, wire) => {
        if (frame.response_id === undefined) return;
        if (drops++ === 0) wire.terminate();
        else say(reply(frame.response_id, 'Yes.'));
      },
    };
    expect((await playOver(drop)).result).toMatchObject({ endedBy: 'caller', reconnects: 1 });
  });

  it('says how it was refused, and nothing of the URL', async () => {
    const server = createServer((_request, response) => response.writeHead(404).end());
    server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    const { result } = await playOver(
      parrot,
      `ws://127.0.0.1:${(server.address() as AddressInfo).port}/x?key=topsecret`,
    );
    expect(result).toMatchObject({ endedBy: 'error', how: 'error_llm_websocket_open (refused with HTTP 401)' });
    const nobody = await playOver(parrot, 'ws://127.0.0.1:1/x?key=topsecret');
    expect(nobody.result.how).toContain('ECONNREFUSED');
    expect(JSON.stringify([result, nobody.result])).not.toContain('topsecret');
  });
});
