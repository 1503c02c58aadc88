/** The first `length` code units, never half a character. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const half = /[\ud800-\udbff]/.test(text[length - 1] ?? '');
  return text.slice(0, half ? length - 1 : length);
}
