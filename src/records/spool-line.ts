import { z } from 'zod';
import type { CallRecord, SpoolLine } from './record.ts';

/** Longest line in bytes, newline included; a record above it loses its event log first. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

/** Turns of evidence kept of a record that is too long even without its events. */
const EVIDENCE_TURNS_KEPT = 20;

/**
 * One spool line as bytes with its newline. A record under `noText` leaves without quotes and events whatever the
 * caller of this function did, because this is the last place before the disk.
 * @throws RangeError when the line is too long even without events and older evidence.
 */
export function encodeSpoolLine(line: SpoolLine): Buffer {
  for (const candidate of candidates(line)) {
    const bytes = Buffer.from(`${JSON.stringify(candidate)}\n`);
    if (bytes.length <= MAX_LINE_BYTES) return bytes;
  }
  throw new RangeError(`spool line of type ${line.type} is longer than ${MAX_LINE_BYTES} bytes`);
}

/** The line, then ever smaller versions of it. */
function* candidates(line: SpoolLine): Generator<SpoolLine> {
  if (line.type !== 'closed' && line.type !== 'decided') {
    yield line;
    return;
  }
  const whole = line.type === 'closed' ? line.record : line.partial;
  const withRecord = (record: CallRecord): SpoolLine =>
    line.type === 'closed' ? { ...line, record } : { ...line, partial: record };
  const allowed = whole.noText ? withoutText(whole) : whole;
  yield withRecord(allowed);
  const { events: _events, ...rest } = allowed;
  const withoutEvents = { ...rest, faults: [...rest.faults, 'event log dropped: the record was longer than 4 MB'] };
  yield withRecord(withoutEvents);
  yield withRecord({
    ...withoutEvents,
    evidence: rest.evidence.slice(-EVIDENCE_TURNS_KEPT),
    latency: [],
    faults: [...withoutEvents.faults.slice(-10), 'older evidence dropped: the record was longer than 4 MB'],
  });
}

function withoutText(record: CallRecord): CallRecord {
  const { events: _events, ...rest } = record;
  return {
    ...rest,
    evidence: rest.evidence.map((turn) => ({
      ...turn,
      evidence: turn.evidence.map(({ quote: _quote, ...evidence }) => evidence),
    })),
  };
}

// What the store and the log rely on; the rest of a record passes through. `nullable`: JSON turns NaN and Infinity into null.
const recordShape = z.looseObject({
  callId: z.string(),
  agent: z.string(),
  platform: z.string(),
  direction: z.string(),
  callerNumber: z.string().optional(),
  startedAt: z.number(),
  endedAt: z.number(),
  callMs: z.number().nullable(),
  outcome: z.string(),
  decision: z.string(),
  category: z.string().nullable(),
  points: z.number().nullable(),
  probability: z.number().nullable(),
  decided: z.boolean(),
  sent: z.boolean(),
  confirmed: z.boolean(),
  savedMs: z.number().nullable(),
  evidence: z.array(z.looseObject({ evidence: z.array(z.looseObject({})) })),
  rungs: z.array(z.looseObject({})),
  probes: z.array(z.looseObject({})),
  faults: z.array(z.string()),
  events: z.base64().optional(),
  trail: z.string().optional(),
});

const head = { at: z.number(), callId: z.string().min(1) };
const lineShape = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('opened'),
    ...head,
    agent: z.string(),
    platform: z.string(),
    direction: z.string(),
    callerNumber: z.string().optional(),
  }),
  z.looseObject({ type: z.literal('greeted'), ...head }),
  z.looseObject({
    type: z.literal('decided'),
    ...head,
    latch: z.looseObject({ category: z.string(), turn: z.number(), reason: z.string() }),
    partial: recordShape,
  }),
  z.looseObject({ type: z.literal('sent'), ...head, attempt: z.number() }),
  z.looseObject({ type: z.literal('closed'), ...head, record: recordShape }),
]);

/** A line of the spool, or null when it is damaged or of a type that this version does not know. */
export function parseSpoolLine(text: string): SpoolLine | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!lineShape.safeParse(value).success) return null;
  // Checked above as far as this room reads it; the project's own writer made the rest.
  const line = value as SpoolLine;
  if (line.type === 'closed' && line.record.callId !== line.callId) return null;
  if (line.type === 'decided' && line.partial.callId !== line.callId) return null;
  return line;
}
