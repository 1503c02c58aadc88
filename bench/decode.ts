/**
 * What one event of a long call costs: decoding it incrementally against JSON.parse of the same frame, in the same
 * run. `--json` prints the numbers; exit code 1 if incremental decoding is both slow and hardly faster than a parse.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { IncrementalDecoder } from '../src/platforms/incremental.ts';
import { retell } from '../src/platforms/retell.ts';

const TURNS = 60;
const WORDS = 30;
const EVENTS = 1500;
const WARM_UP = 500;
const SESSIONS = 400;
/** Fails when above both. */
const LIMIT_US = 60;
const LIMIT_RATIO = 0.25;

const VOCABULARY = 'yes I would like to move my appointment to the end of next week if that is possible please'.split(
  ' ',
);

interface WireUtterance {
  readonly role: 'agent' | 'user';
  readonly content: string;
  readonly words: readonly { readonly word: string; readonly start: number; readonly end: number }[];
}

function utterance(turn: number, count: number): WireUtterance {
  const words = Array.from({ length: count }, (_, i) => {
    const start = Math.round((turn * 12 + i * 0.31) * 1000) / 1000;
    const end = Math.round((start + 0.25) * 1000) / 1000;
    return { word: VOCABULARY[(turn + i) % VOCABULARY.length] ?? 'yes', start, end };
  });
  return { role: turn % 2 ? 'user' : 'agent', content: words.map(({ word }) => word).join(' '), words };
}

const ARRAYS = ['transcript', 'both', 'both, turned round'] as const;
type Arrays = (typeof ARRAYS)[number];

/** The frames of a call that has come to its last utterance, which grows by a word an event. */
function framesOf(arrays: Arrays): readonly Buffer[] {
  const earlier = Array.from({ length: TURNS - 1 }, (_, turn) => utterance(turn, WORDS));
  return Array.from({ length: WORDS }, (_, count) => {
    const transcript = [...earlier, utterance(TURNS - 1, count + 1)];
    const tools = arrays === 'transcript' ? {} : { transcript_with_tool_calls: transcript };
    const order = arrays === 'both, turned round' ? { ...tools, transcript } : { transcript, ...tools };
    return Buffer.from(JSON.stringify({ interaction_type: 'update_only', ...order }));
  });
}

/** Median of microseconds a call. */
function p50(frames: readonly Buffer[], decode: (frame: Buffer) => unknown): number {
  const times: number[] = [];
  for (let i = 0; i < WARM_UP + EVENTS; i++) {
    const frame = frames[i % frames.length];
    if (frame === undefined) continue;
    const start = process.hrtime.bigint();
    decode(frame);
    if (i >= WARM_UP) times.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1] ?? 0;
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** Heap bytes that stay behind for each of many things that have decoded a call. */
function retained<T>(open: () => T, decode: (thing: T, frame: Buffer) => unknown): number {
  const gc = collector();
  const frames = framesOf('both').slice(-4);
  for (let i = 0; i < 20; i++) for (const frame of frames) decode(open(), frame);
  const kept: T[] = [];
  gc();
  gc();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < SESSIONS; i++) {
    const thing = open();
    for (const frame of frames) decode(thing, frame);
    kept.push(thing);
  }
  gc();
  gc();
  return Math.round((process.memoryUsage().heapUsed - before) / kept.length);
}

const KEYS = ['transcript', 'transcript_with_tool_calls'] as const;
const from = { agent: 'default', callId: 'bench' };

const cases = ARRAYS.map((arrays) => {
  const frames = framesOf(arrays);
  const decoder = new IncrementalDecoder(KEYS);
  const session = retell.open(from);
  const parseUs = p50(frames, (frame) => JSON.parse(frame.toString('utf8')));
  const incrementalUs = p50(frames, (frame) => decoder.decode(frame));
  const eventsUs = p50(frames, (frame) => session.decode(frame));
  return {
    arrays,
    frameBytes: frames[0]?.length ?? 0,
    parseUs,
    incrementalUs,
    eventsUs,
    ratio: incrementalUs / parseUs,
  };
});
const retainedBytes = {
  decoder: retained(
    () => new IncrementalDecoder(KEYS),
    (decoder, frame) => decoder.decode(frame),
  ),
  session: retained(
    () => retell.open(from),
    (session, frame) => session.decode(frame),
  ),
};

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ turns: TURNS, cases, retainedBytes }));
} else {
  console.table(
    cases.map(({ arrays, frameBytes, parseUs, incrementalUs, eventsUs, ratio }) => ({
      frame: arrays,
      KB: (frameBytes / 1000).toFixed(0),
      'JSON.parse p50 µs': parseUs.toFixed(1),
      'incremental p50 µs': incrementalUs.toFixed(1),
      'to events p50 µs': eventsUs.toFixed(1),
      ratio: ratio.toFixed(3),
    })),
  );
  console.log(
    `retained a call of ${TURNS} turns: decoder ${retainedBytes.decoder} B, session ${retainedBytes.session} B`,
  );
}
if (cases.some(({ incrementalUs, ratio }) => incrementalUs > LIMIT_US && ratio > LIMIT_RATIO)) process.exitCode = 1;
