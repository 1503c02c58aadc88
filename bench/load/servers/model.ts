/**
 * A chat-completions model on loopback that costs next to nothing: a fixed answer in tokens, the first at once, the
 * others TOKEN_MS apart (0: all together). A request without `stream` gets
 * some value of the JSON Schema that it asks for. `/questions` tells how many of these there were.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { announce } from './listen.ts';

const TOKEN_MS = Number(process.env.TOKEN_MS ?? 15);
const TEXT = 'Certainly, I can help you with that, let me have a look at the calendar for you, one moment please.';

const sse = (choice: object): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1, model: 'bench', choices: [{ index: 0, ...choice }] })}\n\n`;
const CHUNKS = [
  ...TEXT.split(/(?<= )/).map((content) => sse({ delta: { content }, finish_reason: null })),
  `${sse({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`,
];

function stream(res: ServerResponse, at: number): void {
  if (res.destroyed) return;
  if (at === CHUNKS.length - 1) res.end(CHUNKS[at]);
  else {
    res.write(CHUNKS[at]);
    setTimeout(stream, TOKEN_MS, res, at + 1);
  }
}

let questions = 0;
const server = createServer((req, res) => {
  const body: Buffer[] = [];
  req.on('data', (chunk: Buffer) => body.push(chunk));
  req.once('end', () => {
    if (req.url === '/questions') {
      res.end(String(questions));
      return;
    }
    const text = Buffer.concat(body).toString('utf8');
    if (!text.includes('"stream":true')) {
      questions++;
      const { response_format } = JSON.parse(text) as { response_format?: { json_schema?: { schema?: Schema } } };
      const content = JSON.stringify(sample(response_format?.json_schema?.schema ?? {}));
      const answer = { id: 'chatcmpl-bench', object: 'chat.completion', created: 1, model: 'bench' };
      const choices = [{ index: 0, message: { role: 'assistant', content, refusal: null }, finish_reason: 'stop' }];
      const usage = { prompt_tokens: 900, completion_tokens: 30, total_tokens: 930 };
      res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...answer, choices, usage }));
      return;
    }
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    if (TOKEN_MS > 0) stream(res, 0);
    else {
      res.write(CHUNKS[0]);
      setImmediate(() => res.end(CHUNKS.slice(1).join('')));
    }
  });
});

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
}

/** Some value of the schema; `unsure` where that is one. */
function sample(schema: Schema): unknown {
  if (schema.enum) return schema.enum.includes('unsure') ? 'unsure' : schema.enum[0];
  if (schema.anyOf) return sample(schema.anyOf[0] ?? {});
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object') {
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, value]) => [key, sample(value)]));
  }
  if (type === 'string') return '';
  if (type === 'number' || type === 'integer') return 0;
  if (type === 'array') return [];
  return type === 'boolean' ? false : null;
}

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
announce(server.address() as AddressInfo, 'http', '/v1');
