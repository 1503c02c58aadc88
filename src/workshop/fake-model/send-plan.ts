import type { ServerResponse } from 'node:http';
import type { WirePlan } from './wire-plan.ts';

/** A reset throws away what the client has not read yet: this gives it the time to. */
const READ_FIRST_MS = 30;

/**
 * Sends a plan; `startedAt` as `performance.now()`. Due times are absolute, so timers that come late do not add up.
 * Resolves when all is sent, or as soon as the client has gone: then false.
 */
export async function sendPlan(
  response: ServerResponse,
  head: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  { steps, end, drip }: WirePlan,
  startedAt: number,
): Promise<boolean> {
  for (let i = 0; i < steps.length && !response.destroyed; ) {
    await pause(response, startedAt + (steps[i]?.at ?? 0) - performance.now());
    if (response.destroyed) return false;
    let due = '';
    const now = performance.now() - startedAt;
    do {
      due += steps[i]?.text ?? '';
      i += 1;
    } while (i < steps.length && (steps[i]?.at ?? 0) <= now);
    if (!response.headersSent) response.writeHead(head.status, head.headers);
    if (drip) await sendDrops(response, Buffer.from(due));
    else response.write(due);
  }
  if (response.destroyed) return false;
  if (end === 'end') {
    response.end();
    return true;
  }
  await pause(response, READ_FIRST_MS);
  response.socket?.resetAndDestroy();
  return true;
}

/** Each byte is a chunk of its own in HTTP, and leaves before the next is written: clients join what waits for them. */
async function sendDrops(response: ServerResponse, bytes: Buffer): Promise<void> {
  for (let i = 0; i < bytes.length && !response.destroyed; i += 1) {
    response.write(bytes.subarray(i, i + 1));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function pause(response: ServerResponse, ms: number): Promise<void> {
  if (ms <= 0 || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      response.removeListener('close', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    response.once('close', done);
  });
}
