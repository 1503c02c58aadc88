import { type Rng, seededRng } from './rng.ts';
import type { Scenario } from './scenario.ts';

/** The line that is called. */
const LINE_NUMBER = '+12135550100';
const AREAS = [
  201, 202, 203, 205, 206, 207, 208, 210, 212, 213, 214, 215, 216, 217, 224, 225, 228, 229, 231, 234, 239, 240, 248,
  251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281, 301, 302, 303, 304, 305, 307, 308, 309, 310, 312, 313,
  314, 315, 316, 317, 318, 319, 320, 321, 323, 330, 334, 336, 337, 339, 347, 351, 352, 360, 361, 386, 401, 402, 404,
  405, 406, 407, 408, 409, 410, 412, 413, 414, 415, 417, 419, 423, 425, 432, 434, 440, 443, 469, 478, 479, 480, 484,
  501, 502, 503, 504,
] as const;

/** Opaque, in the platform's shape. */
export function drawCallId(rng: Rng): string {
  let id = 'call_';
  while (id.length < 'call_'.length + 27) id += rng.int(0, 15).toString(16);
  return id;
}

function drawNumber(rng: Rng): string {
  const exchange = `${rng.int(2, 9)}${rng.int(2, 9)}${rng.int(0, 9)}`;
  return `+1${rng.pick(AREAS)}${exchange}${String(rng.int(0, 9999)).padStart(4, '0')}`;
}

/**
 * Gives every scenario without a number one of its own, all from one pool and in an order that says nothing: no two
 * callers share a number, so no number joins people and machines.
 */
export function withNumbers(scenarios: readonly Scenario[], seed: string): Scenario[] {
  const taken = new Set<string>();
  for (const { from } of scenarios) if (from !== undefined) taken.add(from);
  const rng = seededRng(`${seed}/numbers`);
  const numbers: string[] = [];
  while (numbers.length < scenarios.length) {
    const number = drawNumber(rng);
    if (taken.has(number)) continue;
    taken.add(number);
    numbers.push(number);
  }
  const order = rng.shuffled(numbers);
  return scenarios.map((scenario, index) => {
    if (scenario.direction === 'web' || scenario.from !== undefined) return scenario;
    return { ...scenario, from: order[index] ?? drawNumber(rng), to: scenario.to ?? LINE_NUMBER };
  });
}

/** The `call` object of `call_details`: the same fields for everybody. */
export function callDetails(scenario: Scenario, callId: string, rng: Rng): Readonly<Record<string, unknown>> {
  const web = scenario.direction === 'web';
  return {
    call_type: web ? 'web_call' : 'phone_call',
    ...(web
      ? {}
      : {
          from_number: scenario.from ?? drawNumber(rng),
          to_number: scenario.to ?? LINE_NUMBER,
          direction: scenario.direction,
        }),
    call_id: callId,
    agent_id: 'agent_7c1e5a90b2d84f6e93',
    call_status: 'registered',
    metadata: {},
    retell_llm_dynamic_variables: {},
    opt_out_sensitive_data_storage: scenario.optOut,
    ...(Object.keys(scenario.sipHeaders).length > 0 ? { custom_sip_headers: scenario.sipHeaders } : {}),
  };
}
