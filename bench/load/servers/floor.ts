/** The floor: a bare `ws` server that parses every frame and answers a fixed text. */
import { type Asked, answeredPing, listen, response, sayHello } from './listen.ts';

const ANSWER = 'Certainly, I can help you with that. Let me have a look, one moment please.';

await listen((socket) => {
  sayHello(socket);
  socket.on('message', (data) => {
    const frame = JSON.parse(data.toString()) as Asked;
    if (answeredPing(socket, frame)) return;
    if (frame.interaction_type === 'response_required' || frame.interaction_type === 'reminder_required') {
      socket.send(response(frame.response_id ?? 0, ANSWER, true));
    }
  });
});
