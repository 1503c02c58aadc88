import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { endOfElement } from './json-scan.ts';

/** A correction of one of so many newest elements costs no full parse. */
const CHECKPOINTS = 3;

/** Begins the keys that stand in for the real ones while parsing; made once a process, so that no frame holds it. */
const SENTINEL = `s${randomBytes(12).toString('hex')}`;

const COMMA = 0x2c;
const CLOSE_ARRAY = 0x5d;

/** What became of an array since the last frame that held it. */
export interface ArrayChange {
  /** So many elements at the beginning are JSON-equal to those of the last frame that held the array. */
  readonly from: number;
  /** All elements after these. */
  readonly tail: readonly unknown[];
}

export interface IncrementalFrame<K extends string> {
  /** The parsed frame without the arrays that are in `arrays`. */
  readonly value: unknown;
  /** The named top-level keys whose value is an array in this frame. */
  readonly arrays: Readonly<Partial<Record<K, ArrayChange>>>;
}

/** A prefix of an array: so many elements, so many bytes behind `[` (without the comma that follows), their CRC-32. */
interface Checkpoint {
  readonly elements: number;
  readonly length: number;
  readonly crc: number;
}

/** What is remembered of one array: numbers only, neither elements nor bytes of the frame. */
interface Track<K extends string> {
  readonly key: K;
  /** `"key":[` as it stands in the frame. */
  readonly marker: string;
  readonly markerBytes: number;
  readonly sentinel: string;
  /** Offset of the marker in the last frame: arrays are looked for in this order. */
  at: number;
  /** Prefixes up to the newest elements, the shortest first. */
  checkpoints: readonly Checkpoint[];
}

/** Where a frame is cut open: bytes `at` to `resume` are replaced by `"sentinel":[`. */
interface Cut<K extends string> {
  readonly track: Track<K>;
  readonly at: number;
  /** Offset of the array's content. */
  readonly content: number;
  /** The checkpoints that hold in this frame; what the last one spans is cut off. */
  readonly held: readonly Checkpoint[];
  readonly resume: number;
  /** A comma was cut off as well, so that an element must follow. */
  readonly comma: boolean;
  /** The array is, byte for byte, that of this other cut: all of it is cut off, and not parsed a second time. */
  readonly twin?: Cut<K>;
}

/**
 * Parses frames that repeat long arrays whose beginning rarely changes (a platform that re-sends the whole transcript
 * with every event), at the cost of a checksum over the part that is known and a parse of the rest.
 *
 * For each named key the decoder keeps length and CRC-32 of prefixes of the array: all elements but the last, and up
 * to two elements less. It finds `"key":[` in the raw bytes, and if a prefix stands behind it unchanged, parses the frame
 * with key and prefix replaced by an unguessable key. That key proves the place: only if it comes out as a top-level
 * array, and the real key (twice, or written with escapes) does not come out beside it, was it the value that
 * `JSON.parse` would have given. Otherwise the frame is parsed in full. An array that repeats the one before it, as
 * the list with tool calls does in a call without any, is compared with it and neither checksummed nor parsed.
 *
 * The result equals `JSON.parse` of the frame in every case, except that a change of the prefix which keeps its
 * length and its CRC-32 (one in 2^32) goes unseen.
 */
export class IncrementalDecoder<K extends string> {
  readonly #tracks: Track<K>[];

  constructor(keys: readonly K[]) {
    this.#tracks = keys.map((key, i) => ({
      key,
      marker: `${JSON.stringify(key)}:[`,
      markerBytes: Buffer.byteLength(`${JSON.stringify(key)}:[`),
      sentinel: `${SENTINEL}${i}`,
      at: 0,
      checkpoints: [],
    }));
  }

  /**
   * @param frame UTF-8 JSON; not kept.
   * @throws SyntaxError where `JSON.parse` does; the memory then stays as it was.
   */
  decode(frame: Buffer): IncrementalFrame<K> {
    const cuts = this.#cuts(frame);
    if (cuts.length > 0) {
      const parsed = parseAround(frame, cuts);
      if (isObject(parsed) && cuts.every((cut) => isProven(parsed, cut))) return this.#take(frame, parsed, cuts);
    }
    return this.#take(frame, JSON.parse(frame.toString('utf8')), []);
  }

  /** Forgets the arrays, so that the next frame gives them whole. For callers that did not use the last result. */
  forget(): void {
    for (const track of this.#tracks) track.checkpoints = [];
  }

  #cuts(frame: Buffer): Cut<K>[] {
    const cuts: Cut<K>[] = [];
    for (const track of this.#tracks) {
      const first = cuts[0];
      const last = cuts.at(-1);
      // Mostly the next array begins where the known part of the last one ends; what lies within that is skipped.
      let at = frame.indexOf(track.marker, last?.resume ?? 0);
      if (at < 0 && first !== undefined) at = frame.subarray(0, first.at).indexOf(track.marker);
      if (at < 0) continue;
      const earlier = last && last.at < at ? last : undefined;
      cuts.push((earlier && twinAt(frame, track, at, earlier)) ?? cutAt(frame, track, at));
      if (!earlier && last) cuts.sort((a, b) => a.at - b.at);
    }
    return cuts;
  }

  /** Takes the arrays out of the parsed frame, and moves the checkpoints of those that were proven. */
  #take(frame: Buffer, parsed: unknown, cuts: readonly Cut<K>[]): IncrementalFrame<K> {
    const arrays: Partial<Record<K, ArrayChange>> = {};
    if (!isObject(parsed)) return { value: parsed, arrays };
    for (const cut of cuts) {
      const { track, held, twin } = cut;
      const tail = parsed[(twin ?? cut).track.sentinel] as unknown[];
      arrays[track.key] = { from: held.at(-1)?.elements ?? 0, tail };
      track.at = cut.at;
      track.checkpoints = twin ? twin.track.checkpoints : advance(frame, cut, tail.length);
    }
    // From the last to the first: what an object was given last goes easily.
    for (let i = cuts.length - 1; i >= 0; i--) delete parsed[(cuts[i] as Cut<K>).track.sentinel];
    for (const track of this.#tracks) {
      if (arrays[track.key] !== undefined || !Object.hasOwn(parsed, track.key)) continue;
      // Found by the parser but not by its bytes, or not where they were: its place is not known.
      track.checkpoints = [];
      const value = parsed[track.key];
      if (!Array.isArray(value)) continue;
      delete parsed[track.key];
      arrays[track.key] = { from: 0, tail: value };
    }
    if (cuts.length > 1) this.#tracks.sort((a, b) => a.at - b.at);
    return { value: parsed, arrays };
  }
}

/** Cuts behind the longest prefix that stands at this marker, or right behind the marker. */
function cutAt<K extends string>(frame: Buffer, track: Track<K>, at: number): Cut<K> {
  const content = at + track.markerBytes;
  const held = heldAt(frame, track.checkpoints, content);
  const end = content + (held[held.length - 1]?.length ?? 0);
  const comma = held.length > 0 && frame[end] === COMMA;
  return { track, at, content, held, resume: comma ? end + 1 : end, comma };
}

/** The checkpoints that hold for the array with this content. Mostly all do, which takes one checksum to see. */
function heldAt(frame: Buffer, checkpoints: readonly Checkpoint[], content: number): readonly Checkpoint[] {
  const longest = checkpoints[checkpoints.length - 1];
  if (longest === undefined || holds(frame, longest, content, content, 0)) return checkpoints;
  let last: Checkpoint = { elements: 0, length: 0, crc: 0 };
  for (let i = 0; i < checkpoints.length - 1; i++) {
    const checkpoint = checkpoints[i] as Checkpoint;
    if (!holds(frame, checkpoint, content, content + last.length, last.crc)) return checkpoints.slice(0, i);
    last = checkpoint;
  }
  return checkpoints.slice(0, -1);
}

/** Whether the prefix stands there; `crc` is that of the content before `from`. */
function holds(frame: Buffer, checkpoint: Checkpoint, content: number, from: number, crc: number): boolean {
  const end = content + checkpoint.length;
  if (frame[end] !== COMMA && frame[end] !== CLOSE_ARRAY) return false;
  return crc32(frame.subarray(from, end), crc) === checkpoint.crc;
}

/**
 * The cut of an array that repeats, byte for byte, the one before it in the frame, as it did in the last frame that
 * held it: what was known of that one is known of both. The bracket before this marker ends the earlier array, or the
 * earlier array and members behind it that are repeated here too; either way the same bytes stand for the same value.
 */
function twinAt<K extends string>(frame: Buffer, track: Track<K>, at: number, earlier: Cut<K>): Cut<K> | undefined {
  const known = track.checkpoints;
  const alike = isSame(known, earlier.track.checkpoints) || (known.length === 0 && earlier.held.length === 0);
  if (!alike || frame[at - 1] !== COMMA || frame[at - 2] !== CLOSE_ARRAY) return undefined;
  const content = at + track.markerBytes;
  const length = at - 2 - earlier.content;
  const end = content + length;
  if (length < 0 || frame[end] !== CLOSE_ARRAY) return undefined;
  if (frame.compare(frame, earlier.content, at - 2, content, end) !== 0) return undefined;
  return { track, at, content, held: earlier.held, resume: end, comma: false, twin: earlier.twin ?? earlier };
}

const isSame = (a: readonly Checkpoint[], b: readonly Checkpoint[]): boolean =>
  a === b || (a.length === b.length && a.every((one, i) => one.length === b[i]?.length && one.crc === b[i]?.crc));

/** Undefined where that is no JSON, as when the order has changed and one cut reaches into the next. */
function parseAround<K extends string>(frame: Buffer, cuts: readonly Cut<K>[]): unknown {
  let text = '';
  let from = 0;
  for (const { track, at, resume } of cuts) {
    text += `${frame.toString('utf8', from, at)}"${track.sentinel}":[`;
    from = resume;
  }
  try {
    return JSON.parse(text + frame.toString('utf8', from));
  } catch {
    return undefined;
  }
}

/** Whether what was cut is the value that `JSON.parse` of the whole frame would have under the key. */
function isProven<K extends string>(parsed: Record<string, unknown>, { track, comma }: Cut<K>): boolean {
  const tail = parsed[track.sentinel];
  // `[1,]` must not pass as `[]` because `1,` was cut off.
  return Array.isArray(tail) && !(comma && tail.length === 0) && !Object.hasOwn(parsed, track.key);
}

/** The checkpoints for the next frame: those that held, and new ones among the `count` elements behind the cut. */
function advance<K extends string>(
  frame: Buffer,
  { content, held, resume }: Cut<K>,
  count: number,
): readonly Checkpoint[] {
  let last = held[held.length - 1] ?? { elements: 0, length: 0, crc: 0 };
  const total = last.elements + count;
  if (total <= last.elements + 1) return held;
  const checkpoints = held.slice();
  let at = resume;
  for (let elements = Math.max(last.elements + 1, total - CHECKPOINTS); elements < total; elements++) {
    const end = endOfElement(frame, at, elements - last.elements);
    if (end < 0) break;
    const crc = crc32(frame.subarray(content + last.length, end), last.crc);
    last = { elements, length: end - content, crc };
    checkpoints.push(last);
    at = end + 1;
  }
  return checkpoints.slice(-CHECKPOINTS);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
