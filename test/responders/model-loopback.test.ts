import { modelScenarios } from './model-scenarios.ts';
import { sseServer } from './sse-server.ts';

modelScenarios(async (_wire, script) => {
  let asked = 0;
  const server = await sseServer((res) => {
    asked += 1;
    if (script.after === 'mute') return;
    res.writeHead(script.status ?? 200, { 'content-type': 'text/event-stream', ...script.headers });
    res.flushHeaders();
    if (script.body) res.write(script.body);
    if (script.after === 'reset') setTimeout(() => res.socket?.resetAndDestroy(), 20);
    else if (script.after !== 'hang') res.end();
  });
  return {
    url: server.url.replace('/v1', ''),
    asked: () => asked,
    open: () => server.sockets.size,
    close: server.close,
  };
});
