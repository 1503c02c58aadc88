import type { Utterance } from '../platforms/platform.ts';
import type { Prompts } from '../prompts.ts';
import { asSpeech } from '../responders/prompt-text.ts';
import type { ToolSpec } from '../responders/responder.ts';

/** The end of a call that the classifier reads, tags included. */
export const MAX_QUOTED_CHARS = 6_000;
const LEFT_OUT = '(The beginning is left out.)';
/** Less of an utterance says nothing. */
const MIN_QUOTED = 20;
/** Seven digits and more, however they are grouped: numbers of telephones, cards, accounts. */
const LONG_NUMBER = /\+?\p{Nd}(?:[\s()./-]{0,3}\p{Nd}){6,}/gu;

/** What the system prompt of an agent is made of. */
export interface AgentPrompt {
  /** BCP 47. */
  readonly language: string;
  /** Name that the agent speaks under. */
  readonly spokenName: string;
  /** What the line is for. */
  readonly scope: string;
  /** The agent's own prompt. */
  readonly prompt: string;
  readonly tools: readonly ToolSpec[];
  /** Where the tool `transfer_call` leads; told only when there is such a tool. */
  readonly transfers: readonly { readonly name: string; readonly when: string }[];
}

/**
 * The system prompt for an agent's model: the guard's part, what the line is for, the agent's own prompt, and the
 * language last. The same for every call of the agent, and its beginning the same for every agent, so that providers
 * can cache it. Throws RangeError for a language that is no BCP 47 tag.
 */
export function composeSystem(prompts: Pick<Prompts, 'model'>, agent: AgentPrompt): string {
  const has = (name: string) => agent.tools.some((tool) => tool.name === name);
  return prompts.model.guard.render({
    report: has('report_caller'),
    end_call: has('end_call'),
    transfers: has('transfer_call') ? agent.transfers.map(({ name, when }) => `${name}: ${when}`) : [],
    agent: agent.spokenName,
    scope: agent.scope,
    prompt: agent.prompt,
    language: agent.language,
  });
}

/** The system prompt for the classifier; the transcript is its content. Throws RangeError as `composeSystem` does. */
export function composeClassifier(
  prompts: Pick<Prompts, 'model'>,
  line: { readonly scope: string; readonly language: string },
): string {
  return prompts.model.classifier.render({ scope: line.scope, language: line.language });
}

/**
 * A transcript as the classifier reads it: one utterance a line, the caller's in `<caller>`, the agent's in `<agent>`,
 * neither able to write a tag. At most 6,000 characters, from the end of the call. Long numbers are taken out: what
 * kind of caller it is does not hang on them, and they would leave the machine.
 */
export function quoteTranscript(utterances: readonly Utterance[]): string {
  const lines: string[] = [];
  let room = MAX_QUOTED_CHARS - LEFT_OUT.length - 1;
  for (let at = utterances.length - 1; at >= 0; at--) {
    const utterance = utterances[at];
    if (utterance === undefined) continue;
    const { role } = utterance;
    const spare = room - `<${role}></${role}>\n`.length;
    if (spare < MIN_QUOTED) return [LEFT_OUT, ...lines.reverse()].join('\n');
    // Twice what fits is enough to cut from, and bounds the work.
    const text = asSpeech(utterance.text.slice(-2 * spare).replace(LONG_NUMBER, '[number]'));
    if (text === '') continue;
    const end = text.length > spare ? `…${text.slice(1 - spare)}`.replace(/\p{Surrogate}/gu, '') : text;
    lines.push(`<${role}>${end}</${role}>`);
    room = spare - end.length;
  }
  return lines.reverse().join('\n');
}
