import { delay, HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { modelScenarios } from './model-scenarios.ts';

const URL_OF_MODEL = 'http://model.test';
const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

modelScenarios(async (wire, script) => {
  let asked = 0;
  server.resetHandlers(
    http.post(URL_OF_MODEL + wire.path, async () => {
      asked += 1;
      if (script.after === 'mute') await delay('infinite');
      const { status = 200 } = script;
      const headers = { 'content-type': 'text/event-stream', ...script.headers };
      return new HttpResponse(bodyOf(script.body, script.after), { status, headers });
    }),
  );
  return { url: URL_OF_MODEL, asked: () => asked, open: () => 0, close: () => server.resetHandlers() };
});

function bodyOf(text: string | undefined, after: string | undefined): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      if (text) controller.enqueue(new TextEncoder().encode(text));
      if (after === 'reset') setTimeout(() => controller.error(new Error('reset')), 20);
      else if (after !== 'hang') controller.close();
    },
  });
}
