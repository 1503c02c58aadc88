import type { IncomingMessage } from 'node:http';
import { BadRequest } from './dialect.ts';

/** As much as the providers take is far more; a prompt for a phone call is far less. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** @throws BadRequest when it is no JSON or too long. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_BODY_BYTES) throw new BadRequest(`the body is longer than ${MAX_BODY_BYTES} bytes`);
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw new BadRequest('We could not parse the JSON body of your request.');
  }
}
