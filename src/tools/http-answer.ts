import { cleanText } from '../platforms/clean-text.ts';
import { cutText } from './cut-text.ts';

/**
 * The text of an answer, at most `mostChars` of it; what is longer is not read to its end.
 * @throws whatever reading the socket throws.
 */
export async function answerText(response: Response, mostChars: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let whole = true;
  // The transport's body is iterable in itself; leaving the loop lets the socket go.
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length <= mostChars) continue;
    whole = false;
    break;
  }
  const clean = cleanText(whole ? text + decoder.decode() : cutText(text, mostChars)).trim();
  if (!whole) return `${clean} … (the rest is cut off)`;
  return clean === '' ? 'Done; there is nothing more to know.' : clean;
}
