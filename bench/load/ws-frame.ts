const TEXT = 0x81;
const CLOSE = 0x8;
const PING = 0x9;
/** Any but zero: a server may skip the unmasking of a zero mask, and no client sends one. */
const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** A whole text frame of a client (RFC 6455, 5.2), masked once so that sending it again and again costs a write. */
export function clientFrame(payload: Buffer, first = TEXT): Buffer {
  const { length } = payload;
  const extra = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = Buffer.allocUnsafe(2 + extra + 4 + length);
  frame[0] = first;
  frame[1] = 0x80 | (extra === 0 ? length : extra === 2 ? 126 : 127);
  if (extra === 2) frame.writeUInt16BE(length, 2);
  if (extra === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  MASK.copy(frame, 2 + extra);
  const start = 2 + extra + 4;
  for (let i = 0; i < length; i++) frame[start + i] = payload[i]! ^ MASK[i & 3]!;
  return frame;
}

export const closeFrame = (code: number): Buffer => clientFrame(Buffer.from([code >> 8, code & 0xff]), 0x80 | CLOSE);

export interface ServerFrames {
  text(payload: string): void;
  closed(code: number): void;
  ping(payload: Buffer): void;
}

/** Reads a server's frames: unmasked, not fragmented, as the servers of this bench send them. Throws for others. */
export function readServerFrames(to: ServerFrames): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      if (rest.length < 2) return;
      const opcode = rest[0]! & 0x0f;
      const short = rest[1]!;
      const extra = short < 126 ? 0 : short === 126 ? 2 : 8;
      if (rest.length < 2 + extra) return;
      const length = extra === 0 ? short : extra === 2 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
      const end = 2 + extra + length;
      if (rest.length < end) return;
      const payload = rest.subarray(2 + extra, end);
      rest = rest.subarray(end);
      if (opcode === 1) to.text(payload.toString('utf8'));
      else if (opcode === CLOSE) to.closed(length < 2 ? 1005 : payload.readUInt16BE(0));
      else if (opcode === PING) to.ping(Buffer.from(payload));
      else if (opcode !== 0xa) throw new Error(`the server sent a frame of type ${opcode}`);
    }
  };
}
