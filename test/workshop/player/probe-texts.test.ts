import { describe, expect, it } from 'vitest';
import { parseProbeTexts, probeRecogniser } from '../../../src/workshop/player/probe-texts.ts';

const ENGLISH = `---
name: x
---
# Probes
Text before a kind.
<!-- ## hidden
- no -->
## who
> a note
- Who is calling, please?
* Sorry, who am I speaking with?

## scope
This line is for {{scope}}. Is that right?
## closing
- If you are there, say anything.
`;

describe('probe texts', () => {
  it('are the lines under each heading', () => {
    expect(parseProbeTexts(ENGLISH)).toEqual({
      who: ['Who is calling, please?', 'Sorry, who am I speaking with?'],
      scope: ['This line is for {{scope}}. Is that right?'],
      closing: ['If you are there, say anything.'],
    });
  });

  it('are recognised within a longer line, with anything for a placeholder, and not by halves', () => {
    const recognise = probeRecogniser({ en: parseProbeTexts(ENGLISH) }, ['who', 'scope', 'closing']);
    expect(recognise('All right. WHO IS CALLING please')).toBe('who');
    expect(recognise('This line is for dental appointments. Is that right?')).toBe('scope');
    expect(recognise('This line is for dental')).toBeNull();
    expect(recognise('Who is calling')).toBeNull();
    expect(recognise('')).toBeNull();
  });
});
