import { type ToolsConfig, tools } from '../../src/config/tools.ts';
import type { ToolContext } from '../../src/tools/tool.ts';

/** The tools of an agent as guard.yaml would give them. */
export const toolsConfig = (given: Record<string, unknown> = {}): ToolsConfig => tools.parse(given);

export const FRONT_DESK = {
  number: '+15551234567',
  when: 'the caller asks for a person',
  say: 'I will put you through.',
};

export const contextOf = (...said: string[]): ToolContext => ({
  callId: 'call-1',
  agent: 'default',
  turn: 3,
  callerNumber: '+15557654321',
  transcript: said.flatMap((text) => [
    { role: 'agent' as const, text: 'How can I help you?' },
    { role: 'caller' as const, text },
  ]),
});

export const never = (): AbortSignal => new AbortController().signal;
