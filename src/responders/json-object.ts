/** Parses text that should be a JSON object; undefined for anything else, and for text longer than `maxChars`. */
export function jsonObject(text: unknown, maxChars: number): Record<string, unknown> | undefined {
  if (typeof text !== 'string' || text.length > maxChars) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    // Not the error: its message quotes the text.
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
