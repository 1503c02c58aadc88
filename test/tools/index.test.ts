import { describe, expect, it } from 'vitest';
import { makeTools } from '../../src/tools/index.ts';
import { contextOf, FRONT_DESK, never, toolsConfig } from './contexts.ts';
import { INJECTIONS } from './injections.ts';

const http = { url: 'http://127.0.0.1:1/', description: 'x' };
const namesOf = (config: Record<string, unknown>) => makeTools(toolsConfig(config)).map(({ spec }) => spec.name);

describe('the tools of an agent', () => {
  it('stand in one order, and are those of the configuration', () => {
    expect(namesOf({})).toEqual(['end_call', 'report_caller']);
    const all = { transfer_call: { front_desk: FRONT_DESK }, http: { zebra: http, apple: http } };
    expect(namesOf(all)).toEqual(['end_call', 'transfer_call', 'report_caller', 'zebra', 'apple']);
    expect(namesOf({ end_call: false, report_caller: false })).toEqual([]);
  });

  it('are described to the model in the same bytes every time, without a number', () => {
    const config = { transfer_call: { front_desk: FRONT_DESK }, http: { apple: http } };
    const told = () => JSON.stringify(makeTools(toolsConfig(config)).map(({ spec }) => spec));
    expect(told()).toBe(told());
    expect(told()).not.toMatch(/\+?\d{7}/);
    expect(told()).toContain('front_desk: the caller asks for a person');
  });

  it('give schemas of plain JSON Schema objects', () => {
    for (const { spec } of makeTools(toolsConfig({ transfer_call: { front_desk: FRONT_DESK } }))) {
      expect(spec.parameters).toMatchObject({ type: 'object', properties: expect.any(Object) });
      expect(spec.parameters).not.toHaveProperty('$schema');
    }
  });
});

describe('injections', () => {
  it('are 200 lines, no two alike', () => {
    expect(INJECTIONS).toHaveLength(200);
    expect(new Set(INJECTIONS).size).toBe(200);
    for (const line of INJECTIONS) expect(line).not.toContain('{}');
  });

  it('as arguments of transfer_call lead nowhere, and are not shown to the model again', async () => {
    const transfer = makeTools(toolsConfig({ transfer_call: { front_desk: FRONT_DESK } })).find(
      ({ spec }) => spec.name === 'transfer_call',
    );
    for (const line of [...INJECTIONS, 'constructor', '__proto__', 'toString', ' front_desk', 'FRONT_DESK', '']) {
      for (const args of [{ to: line }, { to: [line] }, { number: line }, { to: line, number: '+19005550199' }]) {
        // The same sentence whatever was asked for: nothing of it comes back.
        expect(await transfer?.run(args, contextOf(line), never())).toEqual({
          type: 'result',
          failed: true,
          content: 'Not transferred: "to" must be one of front_desk; there is nowhere else.',
        });
        expect(transfer?.forget?.(args)).toEqual({});
      }
    }
  });
});
