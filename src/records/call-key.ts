/**
 * A call id as a database key: call ids come from a URL that anyone may write, and libsql cuts text at U+0000
 * and cannot hold a lone surrogate, so both are replaced here, on the way in and on every look-up.
 */
export function callKey(callId: string): string {
  return callId.replace(/\u0000|\p{Surrogate}/gu, '\uFFFD');
}

/** A number as it is stored and compared: digits with an optional leading `+`; undefined when it is not a number. */
export function numberKey(number: string | undefined): string | undefined {
  if (number === undefined) return undefined;
  const bare = number.replace(/[\s().-]/g, '');
  return /^\+?\d{3,20}$/.test(bare) ? bare : undefined;
}
