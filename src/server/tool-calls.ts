import type { ToolCall, ToolResult, ToolRound } from '../responders/responder.ts';
import type { Tool, ToolContext, ToolOutcome } from '../tools/tool.ts';

const MOST_ARGUMENT_CHARS = 32_768;
const SAY_GOODBYE = 'The call goes on: nothing was said. Call end_call with message, a short goodbye.';
const ENDING = 'Done as soon as it is spoken. If the caller speaks again, the call goes on.';
const BROKEN_OFF = 'Broken off by the caller; whether it took effect is not known.';
const NOT_CALLED = 'Not called.';
/** Instead of a name that a model made up: it may be anything that the caller has said, and providers refuse most. */
const UNKNOWN = 'unknown_tool';

export interface ToolCallEvents {
  /** Both only for tools whose use the platform is told of. */
  toolCalled(call: ToolCall): void;
  toolAnswered(result: ToolResult): void;
  reported(report: Extract<ToolOutcome, { type: 'report' }>): void;
}

/** What comes after the calls of one answer: another answer, or the end of the reply. */
export type AfterCalls =
  | { readonly type: 'go-on' }
  /** There was text, and nothing in the results that the model would speak of. */
  | { readonly type: 'complete' }
  | Extract<ToolOutcome, { type: 'end' | 'transfer' }>;

interface Asked {
  readonly at: number;
  /** What the model said in the same answer. */
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly name: (given: string) => string;
  /** Something was said in this turn. */
  readonly spoken: boolean;
}

interface Running {
  readonly call: ToolCall;
  /** As later requests show it. */
  readonly kept: ToolCall;
  readonly args: Readonly<Record<string, unknown>> | null;
  readonly tool: Tool | undefined;
  called: boolean;
  result: ToolResult | null;
}

/** The tool calls of one answer, made one after the other. */
export class ToolCalls {
  readonly #asked: Asked;
  readonly #all: readonly Running[];
  readonly #events: ToolCallEvents;

  constructor(asked: Asked, tools: ReadonlyMap<string, Tool>, events: ToolCallEvents) {
    this.#asked = asked;
    this.#events = events;
    this.#all = asked.calls.map((given) => {
      const id = asked.name(given.id);
      const tool = tools.get(given.name);
      const args = objectOf(given.arguments);
      const call = { id, name: tool ? given.name : UNKNOWN, arguments: args ? given.arguments.trim() || '{}' : '{}' };
      const kept = { ...call, arguments: keptArguments(tool, args, call.arguments) };
      return { call, kept, args, tool, called: false, result: null };
    });
  }

  get slow(): boolean {
    return this.#all.some(({ tool }) => tool?.slow);
  }

  /** Stops behind a goodbye or a transfer, and when `signal` aborts. */
  async run(context: ToolContext, signal: AbortSignal): Promise<AfterCalls> {
    let reports = 0;
    for (const running of this.#all) {
      const outcome = await this.#outcomeOf(running, context, signal);
      if (signal.aborted) break;
      if (outcome.type === 'end' && outcome.say === '' && !this.#asked.spoken) {
        this.#answer(running, SAY_GOODBYE, true);
      } else if (outcome.type === 'end' || outcome.type === 'transfer') {
        this.#answer(running, ENDING, false);
        return outcome;
      } else if (outcome.type === 'report') {
        reports++;
        this.#answer(running, outcome.content, false);
        this.#events.reported(outcome);
      } else {
        this.#answer(running, outcome.content, outcome.failed);
      }
    }
    return { type: this.#asked.text !== '' && reports === this.#all.length ? 'complete' : 'go-on' };
  }

  /** The round as later requests show it; a call that has no answer yet is given one. */
  close(): ToolRound {
    for (const running of this.#all) {
      if (!running.result) this.#answer(running, running.called ? BROKEN_OFF : NOT_CALLED, true);
    }
    return {
      at: this.#asked.at,
      text: this.#asked.text,
      calls: this.#all.map(({ kept }) => kept),
      results: this.#all.flatMap(({ result }) => result ?? []),
    };
  }

  async #outcomeOf(running: Running, context: ToolContext, signal: AbortSignal): Promise<ToolOutcome> {
    const { tool, args, call } = running;
    if (!tool) return failed('There is no such tool; use only those you were given.');
    if (!args) return failed('Not called: the arguments must be one JSON object that is not too long.');
    running.called = true;
    if (tool.shown) this.#events.toolCalled(call);
    // Whoever is told may end the reply.
    if (signal.aborted) return failed(BROKEN_OFF);
    try {
      return await tool.run(args, context, signal);
    } catch {
      return failed('It did not work.');
    }
  }

  #answer(running: Running, content: string, isFailed: boolean): void {
    running.result = { id: running.call.id, content, failed: isFailed };
    if (running.called && running.tool?.shown) this.#events.toolAnswered(running.result);
  }
}

function failed(content: string): ToolOutcome {
  return { type: 'result', content, failed: true };
}

function objectOf(json: string): Readonly<Record<string, unknown>> | null {
  if (json.length > MOST_ARGUMENT_CHARS) return null;
  if (json.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** What was never a call is not shown again: it may hold anything that the caller has said. */
function keptArguments(tool: Tool | undefined, args: Running['args'], json: string): string {
  if (!tool || !args) return '{}';
  try {
    return tool.forget ? JSON.stringify(tool.forget(args)) : json;
  } catch {
    return '{}';
  }
}
