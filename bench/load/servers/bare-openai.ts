/**
 * What a team writes by hand: a bare `ws` server that streams a chat completion with the official SDK and its default
 * fetch, a frame a token, and drops an answer when a newer one is asked for. MODEL_URL is the model.
 */
import { OpenAI } from 'openai';
import { type Asked, answeredPing, listen, response, sayHello } from './listen.ts';

const PROMPT = 'You answer the phone. Be friendly and answer in one or two short sentences.';
const client = new OpenAI({ apiKey: 'bench', baseURL: process.env.MODEL_URL ?? '', maxRetries: 0 });

await listen((socket) => {
  let newest = 0;
  let abort = new AbortController();
  const answer = async (id: number, transcript: Asked['transcript']): Promise<void> => {
    abort.abort();
    abort = new AbortController();
    newest = id;
    try {
      const stream = await client.chat.completions.create(
        {
          model: 'bench',
          stream: true,
          messages: [
            { role: 'system', content: PROMPT },
            ...(transcript ?? []).map(({ role, content }) =>
              role === 'agent' ? { role: 'assistant' as const, content } : { role: 'user' as const, content },
            ),
          ],
        },
        { signal: abort.signal },
      );
      for await (const chunk of stream) {
        if (id !== newest) return;
        const text = chunk.choices[0]?.delta.content;
        if (text) socket.send(response(id, text, false));
      }
    } catch {
      // A stream that was given up, or a model that is gone: the turn is completed all the same.
    } finally {
      if (id === newest) socket.send(response(id, '', true));
    }
  };
  sayHello(socket);
  socket.on('message', (data) => {
    const frame = JSON.parse(data.toString()) as Asked;
    if (answeredPing(socket, frame)) return;
    if (frame.interaction_type === 'response_required' || frame.interaction_type === 'reminder_required') {
      void answer(frame.response_id ?? 0, frame.transcript);
    }
  });
  socket.on('close', () => abort.abort());
});
