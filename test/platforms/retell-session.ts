import type { Decoded, PlatformSession } from '../../src/platforms/platform.ts';
import { retell } from '../../src/platforms/retell.ts';

/** A session of the call that the tests of the codec share. */
export const open = (): PlatformSession => retell.open({ agent: 'default', callId: 'call_1' });

/** Decodes one frame, given as an object or as the text itself. */
export function decode(session: PlatformSession, frame: object | string): Decoded {
  return session.decode(Buffer.from(typeof frame === 'string' ? frame : JSON.stringify(frame)));
}

export const user = (content: unknown, words: unknown = []) => ({ role: 'user', content, words });
export const agent = (content: unknown, words: unknown = []) => ({ role: 'agent', content, words });
export const update = (transcript: unknown, rest: object = {}) => ({
  interaction_type: 'update_only',
  transcript,
  ...rest,
});
