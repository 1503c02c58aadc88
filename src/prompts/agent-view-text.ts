import pc from 'picocolors';
import type { AgentView } from './agent-view.ts';
import type { RetellPaste } from './retell-paste.ts';

/** OpenAI caches prefixes from this length on (https://platform.openai.com/docs/guides/prompt-caching); others differ. */
const CACHED_FROM = 1024;

/** What an agent's model gets, part after part. Headings and colour with `styled` only, so that a pipe gets plain text. */
export function viewText(view: AgentView, styled: boolean): string {
  const parts: readonly (readonly [title: string, text: string])[] = [
    [`System prompt of agent ${view.agent}`, view.system],
    [`Tools (${view.tools.length})`, view.tools.map((tool) => JSON.stringify(tool, null, 2)).join('\n')],
    ['How a caller is quoted', `said: ${view.example.said}\nsent: ${view.example.sent}`],
    ['Tokens', tokensText(view)],
  ];
  return parts
    .filter(([, text]) => text !== '')
    .map(([title, text]) => (styled ? `${pc.bold(pc.underline(title))}\n${text}` : text))
    .join('\n\n');
}

/** Tokens of each part, and how much of a request a provider can cache. */
function tokensText({ tokens, type, responder }: AgentView): string {
  const rows: readonly (readonly [string, number])[] = [
    ["guard's part", tokens.guard],
    ["agent's own prompt", tokens.prompt],
    ['tools, as JSON', tokens.tools],
    ['the caller’s line above', tokens.example],
  ];
  const stable = tokens.system + tokens.tools;
  const unused = type === 'scripted' || type === 'relay';
  return [
    `tokens by ${tokens.by}:`,
    ...rows.map(([name, count]) => `  ${String(count).padStart(6)}  ${name}`),
    `cacheable: ${stable} tokens, ${Math.floor(tokens.cacheable * 100)}% of a request with that line; the same in every call of this agent`,
    `  the first ${tokens.shared} of the system prompt are the same for every agent`,
    ...(stable < CACHED_FROM ? [`  below ${CACHED_FROM} tokens most providers cache nothing`] : []),
    `classifier, where it is switched on: ${tokens.classifier} tokens and the end of the call`,
    ...(unused ? [`note: responder "${responder}" is of type ${type}, which is given no prompt and no tools`] : []),
  ].join('\n');
}

/** The texts for an agent on the platform's own model, and where each is pasted. */
export function pasteText({ general_prompt, general_tools: [tool] }: RetellPaste): string {
  return [
    'For an agent whose model the platform hosts: the guard is not in its calls, only this text is.',
    'It cannot time a silence or prove what it did; nothing of these calls is recorded here.',
    '',
    '1. Above the prompt of the agent ("general_prompt" of its API), paste:',
    '----------------------------------------------------------------------',
    general_prompt,
    '----------------------------------------------------------------------',
    '',
    `2. Under tools, "+ Add", "End Call" ("general_tools", type ${tool.type}):`,
    `name: ${tool.name}`,
    `description: ${tool.description}`,
    '',
    '3. Remove sentences of your own prompt that say otherwise about ending calls. Publish the agent, and call it.',
  ].join('\n');
}
