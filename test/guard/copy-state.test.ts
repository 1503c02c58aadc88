import { expect, it } from 'vitest';
import { copyState } from '../../src/guard/copy-state.ts';
import { Bench } from './call-kit.ts';

it('copies every field of a state, and not the state', () => {
  const { state } = new Bench().open().agent('Hello, how can I help you?').caller('I would like to book a table');
  const copy = copyState(state);
  expect(copy).not.toBe(state);
  expect(copy).toStrictEqual(state);
  for (const key of Object.keys(state)) expect(Reflect.get(copy, key), key).toBe(Reflect.get(state, key));
});
