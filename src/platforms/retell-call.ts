import { z } from 'zod';
import type { CallFacts, Direction } from '../guard/types.ts';
import { cleanText } from './clean-text.ts';

const NUMBER_LENGTH = 64;
const HEADER_LENGTH = 2048;
const HEADERS = 64;

/** Only what is used, and leniently: a field of the wrong type is a field that was not sent. */
const call = z.object({
  call_type: z.string().optional().catch(undefined),
  direction: z.string().optional().catch(undefined),
  from_number: z.string().optional().catch(undefined),
  to_number: z.string().optional().catch(undefined),
  opt_out_sensitive_data_storage: z.unknown().optional(),
  data_storage_setting: z.unknown().optional(),
  custom_sip_headers: z.unknown().optional(),
});
type Call = z.infer<typeof call>;

/** Words that stand for a withheld number, also spelt on the keypad (Twilio sends +266696687 for ANONYMOUS). */
const WITHHELD = ['anonymous', 'unknown', 'restricted', 'private', 'unavailable', 'blocked', 'withheld'];
const KEYPAD = '22233344455566677778889999';
const withheld = new Set(['', 'null', 'none', ...WITHHELD, ...WITHHELD.map(onKeypad)]);

/**
 * Reads the `call` object of `call_details`.
 * @returns null when it is no object.
 */
export function readCall(value: unknown, from: Pick<CallFacts, 'agent' | 'callId'>): CallFacts | null {
  const parsed = call.safeParse(value);
  if (!parsed.success) return null;
  const direction = readDirection(parsed.data);
  const fromNumber = readNumber(parsed.data.from_number);
  const toNumber = readNumber(parsed.data.to_number);
  const [callerNumber, lineNumber] = direction === 'outbound' ? [toNumber, fromNumber] : [fromNumber, toNumber];
  const attestation = readAttestation(parsed.data.custom_sip_headers);
  return {
    callId: from.callId,
    agent: from.agent,
    platform: 'retell',
    direction,
    ...(callerNumber !== undefined && { callerNumber }),
    ...(lineNumber !== undefined && { lineNumber }),
    ...(attestation !== undefined && { attestation }),
    noText: isTextUnwanted(parsed.data),
  };
}

/** Web calls have neither numbers nor a direction. */
function readDirection({ call_type, direction, from_number, to_number }: Call): Direction {
  if (call_type === 'web_call') return 'web';
  if (direction === 'inbound' || direction === 'outbound') return direction;
  return call_type === 'phone_call' || from_number !== undefined || to_number !== undefined ? 'inbound' : 'web';
}

function readNumber(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const number = cleanText(value)
    .trim()
    .replace(/^sips?:/i, '')
    .replace(/@.*$/s, '');
  const plain = number.toLowerCase().replace(/^\+/, '');
  return withheld.has(plain) || number.length > NUMBER_LENGTH ? undefined : number;
}

/** Anything but the plain permission counts as a wish for privacy. */
function isTextUnwanted({ opt_out_sensitive_data_storage: optOut, data_storage_setting: setting }: Call): boolean {
  const mayStore = setting === undefined || setting === null || setting === 'everything';
  const optedOut = optOut !== undefined && optOut !== null && optOut !== false;
  return optedOut || !mayStore;
}

/**
 * STIR/SHAKEN as a SIP trunk passes it on: `verstat` in `p-asserted-identity` (the carrier's), else in an `x-` header
 * such as `x-twilio-verstat`, else a bare level in one such as `x-shaken-stir-attestation`.
 */
function readAttestation(headers: unknown): CallFacts['attestation'] {
  if (typeof headers !== 'object' || headers === null) return undefined;
  let weaker: CallFacts['attestation'];
  for (const [key, value] of Object.entries(headers).slice(0, HEADERS)) {
    if (typeof value !== 'string') continue;
    const name = key.toLowerCase();
    const text = value.slice(0, HEADER_LENGTH);
    if (name === 'p-asserted-identity') {
      const found = readVerstat(/;\s*verstat\s*=\s*"?([\w-]+)/i.exec(text)?.[1]);
      if (found !== undefined) return found;
    } else if (name.startsWith('x-') && name.includes('verstat')) {
      weaker = readVerstat(text.trim()) ?? weaker;
    } else if (name.startsWith('x-') && name.includes('attest')) {
      weaker ??= readLevel(text.trim());
    }
  }
  return weaker;
}

/** `TN-Validation-Passed` alone is full attestation (Telnyx); `No-TN-Validation` says nothing. */
function readVerstat(value: string | undefined): CallFacts['attestation'] {
  const parts = /^TN-Validation-(Passed|Failed)(?:-([ABC]))?$/i.exec(value ?? '');
  if (parts === null) return undefined;
  return parts[1]?.toLowerCase() === 'failed' ? 'failed' : readLevel(parts[2] ?? 'A');
}

function readLevel(value: string): CallFacts['attestation'] {
  const level = value.toUpperCase();
  return level === 'A' || level === 'B' || level === 'C' ? level : undefined;
}

function onKeypad(word: string): string {
  return Array.from(word, (letter) => KEYPAD[letter.charCodeAt(0) - 97] ?? '').join('');
}
