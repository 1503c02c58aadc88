import { scriptedLine } from '../../responders/scripted.ts';
import type { Mind } from './mind.ts';
import { readBack } from './read-back.ts';
import { unsureAnswer } from './unsure-answer.ts';

/**
 * The default mind: says what the `scripted` responder would say in the same conversation, so that a call comes out the
 * same over either API. Asked for JSON it is unsure of everything. It calls no tools.
 */
export const receptionist: Mind = (ask) => ({
  text: ask.schema === undefined ? scriptedLine(readBack(ask)) : JSON.stringify(unsureAnswer(ask.schema)),
});
