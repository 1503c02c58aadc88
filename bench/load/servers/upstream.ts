/** A custom-LLM server for behind the relay: streams a fixed answer, a frame a token, and reads no more than it must. */
import { listen, response, sayHello } from './listen.ts';

const TOKENS = 'Certainly, I can help you with that, let me have a look at the calendar, one moment please.'.split(
  /(?<= )/,
);
const BETWEEN_MS = 15;
const ASKS = Buffer.from('{"interaction_type":"response_required","response_id":');
const PING = Buffer.from('{"interaction_type":"ping_pong"');

await listen((socket) => {
  let newest = 0;
  const speak = (id: number, at: number): void => {
    if (id !== newest || socket.readyState !== socket.OPEN) return;
    socket.send(response(id, TOKENS[at] ?? '', at === TOKENS.length));
    if (at < TOKENS.length) setTimeout(speak, BETWEEN_MS, id, at + 1);
  };
  sayHello(socket);
  socket.on('message', (data: Buffer) => {
    if (data.subarray(0, PING.length).equals(PING)) {
      socket.send(data.toString().replace('"interaction_type"', '"response_type"'));
    } else if (data.subarray(0, ASKS.length).equals(ASKS)) {
      newest = Number.parseInt(data.toString('latin1', ASKS.length, ASKS.length + 12), 10);
      speak(newest, 0);
    }
  });
});
