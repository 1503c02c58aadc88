/** Characters that show as nothing, and could stand between the letters of a tag. */
const UNSEEN = '[\\p{Cf}\\p{Mn}\\s]{0,8}';
const spread = (word: string) => [...word].join('\\p{Cf}{0,8}');
/** An opening bracket of any width before `caller` or `agent`, or before the slash of their closing tags. */
const TAG = new RegExp(
  `[<＜﹤⟨〈](?=${UNSEEN}[/／]?${UNSEEN}(?:${spread('caller')}|${spread('agent')})(?![\\p{L}\\p{N}_-]))`,
  'giu',
);

/**
 * Takes the meaning from tags that mark who said what (`<caller>`, `<agent>`) in a text that comes from the
 * configuration; other markup stays. Halves of surrogate pairs, which some servers refuse, are left out.
 */
export function withoutSpeakerTags(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '').replace(TAG, '‹');
}
