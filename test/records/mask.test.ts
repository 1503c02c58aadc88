import { describe, expect, it } from 'vitest';
import { maskNumber } from '../../src/records/mask.ts';

describe('maskNumber', () => {
  it.each([
    ['+12135550143', '+1213•••••43'],
    ['+44 20 7946 0958', '+4420••••••58'],
    ['+4930123456', '+493•••••56'],
    ['+49301234', '+•••'],
    ['911', '•••'],
    ['anonymous', 'anonymous'],
    ['sip:jane@example.com', '•••'],
    ['', '•••'],
  ])('%s becomes %s', (number, masked) => {
    expect(maskNumber(number)).toBe(masked);
  });
});
