import { describe, expect, it } from 'vitest';
import { decode, open } from './retell-session.ts';

const facts = (call: object) => {
  const [event] = decode(open(), { interaction_type: 'call_details', call }).events;
  return event?.type === 'call-opened' ? event.facts : null;
};
const inbound = {
  call_type: 'phone_call',
  direction: 'inbound',
  from_number: '+12135550143',
  to_number: '+12135550100',
  call_id: 'another',
  call_status: 'registered',
};

describe('call details of retell', () => {
  it('reads a call that came in', () => {
    expect(facts(inbound)).toEqual({
      callId: 'call_1',
      agent: 'default',
      platform: 'retell',
      direction: 'inbound',
      callerNumber: '+12135550143',
      lineNumber: '+12135550100',
      noText: false,
    });
  });

  it('takes the number that was dialled for the caller when the call went out', () => {
    expect(facts({ ...inbound, direction: 'outbound' })).toMatchObject({
      direction: 'outbound',
      callerNumber: '+12135550100',
      lineNumber: '+12135550143',
    });
  });

  it('reads a web call', () => {
    const web = { callId: 'call_1', agent: 'default', platform: 'retell', direction: 'web', noText: false };
    expect(facts({ call_type: 'web_call', call_id: 'x', metadata: {} })).toEqual(web);
    expect(facts({})).toEqual(web);
  });

  it('takes a phone call without direction for one that came in', () => {
    expect(facts({ ...inbound, direction: undefined })?.direction).toBe('inbound');
    expect(facts({ from_number: '+12135550143' })?.direction).toBe('inbound');
  });

  it('passes over fields of the wrong type', () => {
    const odd = { ...inbound, to_number: 12135550100, direction: 7, custom_sip_headers: 'x', metadata: [1] };
    expect(facts(odd)).toMatchObject({ direction: 'inbound', callerNumber: '+12135550143' });
    expect(facts(odd)).not.toHaveProperty('lineNumber');
  });

  it.each([
    'anonymous',
    'Anonymous',
    'unknown',
    'restricted',
    '',
    ' ',
    '+266696687',
    'sip:anonymous@anonymous.invalid',
  ])('knows a withheld number: "%s"', (from_number) => {
    expect(facts({ ...inbound, from_number })).not.toHaveProperty('callerNumber');
    expect(facts({ ...inbound, from_number })?.direction).toBe('inbound');
  });

  it('reads a number out of a SIP address, and drops what is too long for one', () => {
    expect(facts({ ...inbound, from_number: 'sip:+12135550143@carrier.example' })?.callerNumber).toBe('+12135550143');
    expect(facts({ ...inbound, from_number: '1'.repeat(65) })).not.toHaveProperty('callerNumber');
  });

  it.each<[boolean, object]>([
    [true, { opt_out_sensitive_data_storage: true }],
    [true, { opt_out_sensitive_data_storage: 'true' }],
    [true, { data_storage_setting: 'everything_except_pii' }],
    [true, { data_storage_setting: 'basic_attributes_only' }],
    [true, { data_storage_setting: 'something_new' }],
    [true, { opt_out_sensitive_data_storage: true, data_storage_setting: 'everything' }],
    [false, { opt_out_sensitive_data_storage: false, data_storage_setting: 'everything' }],
    [false, { opt_out_sensitive_data_storage: null, data_storage_setting: null }],
  ])('keeps no text: %s for %o', (noText, privacy) => {
    expect(facts({ ...inbound, ...privacy })?.noText).toBe(noText);
  });

  it.each<[string | undefined, Record<string, unknown>]>([
    ['A', { 'p-asserted-identity': '<sip:+12135550143@carrier;verstat=TN-Validation-Passed>' }],
    ['A', { 'P-Asserted-Identity': '<sip:+12135550143;verstat=TN-Validation-Passed-A@carrier>' }],
    ['B', { 'p-asserted-identity': '<tel:+12135550143;verstat=TN-Validation-Passed-B>' }],
    ['C', { 'p-asserted-identity': '<tel:+12135550143; verstat="TN-Validation-Passed-C">' }],
    ['failed', { 'p-asserted-identity': '<tel:+12135550143;verstat=TN-Validation-Failed-A>' }],
    [
      'failed',
      { 'p-asserted-identity': '<tel:+1;verstat=TN-Validation-Failed>', 'x-twilio-verstat': 'TN-Validation-Passed-A' },
    ],
    ['failed', { 'x-attestation': 'A', 'x-verstat': 'TN-Validation-Failed' }],
    ['B', { 'x-twilio-verstat': 'TN-Validation-Passed-B' }],
    ['C', { 'x-shaken-stir-attestation': 'c' }],
    [undefined, { 'p-asserted-identity': '<tel:+12135550143;verstat=No-TN-Validation>' }],
    [undefined, { 'p-asserted-identity': 'verstat' }],
    [undefined, { 'x-attestation': 'full', 'x-verstat': 5 }],
    [undefined, { verstat: 'TN-Validation-Passed-A' }],
  ])('reads attestation %s from %o', (attestation, custom_sip_headers) => {
    expect(facts({ ...inbound, custom_sip_headers })?.attestation).toBe(attestation);
  });
});
