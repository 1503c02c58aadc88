/** The least that can stand in between: a `ws` server and a `ws` client for each call that pass buffers. UPSTREAM_URL. */
import { WebSocket } from 'ws';
import { listen } from './listen.ts';

await listen((socket, path) => {
  const upstream = new WebSocket(`${process.env.UPSTREAM_URL}${path.slice(path.lastIndexOf('/'))}`, {
    perMessageDeflate: false,
  });
  const early: { readonly data: Buffer; readonly binary: boolean }[] = [];
  socket.on('message', (data: Buffer, binary) => {
    if (upstream.readyState === WebSocket.OPEN) upstream.send(data, { binary });
    else early.push({ data, binary });
  });
  upstream.on('open', () => {
    for (const { data, binary } of early.splice(0)) upstream.send(data, { binary });
  });
  upstream.on('message', (data: Buffer, binary) => socket.send(data, { binary }));
  upstream.on('error', () => socket.terminate());
  upstream.on('close', () => socket.close());
  socket.on('close', () => upstream.close());
});
