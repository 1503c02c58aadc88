/** What a frame of a custom-LLM server says, as far as the guard must know. */
export interface UpstreamSpeech {
  /** The request that it answers; absent: it cuts in. */
  readonly turn?: number;
  /** Of an interruption. */
  readonly interruptId?: number;
  readonly spoken: boolean;
  readonly complete: boolean;
  readonly ended: boolean;
  readonly transferred: boolean;
}

/** More than anybody speaks; a longer frame is something else. */
const MOST_BYTES = 256 * 1024;

/**
 * Reads what a frame to the platform would make it say; null when it says nothing (keep-alive, metadata, settings, what
 * the platform would drop). A message without `response_type` is a `response` (protocol of the platform, legacy).
 */
export function readUpstreamFrame(data: Buffer): UpstreamSpeech | null {
  if (data.length > MOST_BYTES) return null;
  let value: unknown;
  try {
    value = JSON.parse(data.toString('utf8'));
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const frame = value as Readonly<Record<string, unknown>>;
  const type = frame.response_type ?? 'response';
  if (type !== 'response' && type !== 'agent_interrupt') return null;
  const { response_id: turn, content, content_complete: complete } = frame;
  const speech = {
    spoken: typeof content === 'string' && content !== '',
    complete: complete === true,
    ended: frame.end_call === true,
    transferred: typeof frame.transfer_number === 'string' && frame.end_call !== true,
  };
  const { interrupt_id: id } = frame;
  if (type === 'agent_interrupt') return Number.isSafeInteger(id) ? { ...speech, interruptId: id as number } : speech;
  return Number.isSafeInteger(turn) ? { ...speech, turn: turn as number } : null;
}
