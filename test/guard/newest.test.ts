import { expect, it } from 'vitest';
import { newest } from '../../src/guard/newest.ts';

it('puts an item behind the newest ones and leaves the list as it was', () => {
  const list = [1, 2, 3];
  expect(newest(list, 4, 4)).toEqual([1, 2, 3, 4]);
  expect(newest(list, 4, 3)).toEqual([2, 3, 4]);
  expect(newest(list, 4, 1)).toEqual([4]);
  expect(newest([], 4, 3)).toEqual([4]);
  expect(list).toEqual([1, 2, 3]);
});
