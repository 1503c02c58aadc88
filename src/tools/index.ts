import type { ToolsConfig } from '../config/tools.ts';
import { type NodeHttpFetch, nodeHttpFetch } from '../responders/node-http-fetch.ts';
import { endCall } from './end-call.ts';
import { httpTool } from './http-tool.ts';
import { reportCaller } from './report-caller.ts';
import type { Tool } from './tool.ts';
import { transferCall } from './transfer-call.ts';

/** Requests of one agent at a time; further ones wait for a socket within their own time-out. */
const MOST_SOCKETS = 256;

/**
 * The tools of one agent's model, in an order that the configuration alone decides: they stand at the head of every
 * request, and providers cache what does not change. The tools of an agent share one pool of sockets; idle ones close
 * by themselves and do not keep the process alive.
 *
 * @param options.secret signs the requests of the user's own tools.
 * @param options.fetch in place of the network.
 */
export function makeTools(
  config: ToolsConfig,
  options: { readonly secret?: string; readonly fetch?: NodeHttpFetch['fetch'] } = {},
): readonly Tool[] {
  const transfer = transferCall(config.transfer_call);
  const own = Object.entries(config.http);
  const send = own.length === 0 ? null : (options.fetch ?? nodeHttpFetch({ maxSockets: MOST_SOCKETS }).fetch);
  return [
    ...(config.end_call ? [endCall] : []),
    ...(transfer ? [transfer] : []),
    ...(config.report_caller ? [reportCaller] : []),
    ...(send ? own.map(([name, spec]) => httpTool(name, spec, { ...options, fetch: send })) : []),
  ];
}
