import { z } from 'zod';
import { CATEGORIES, OUTCOMES } from '../guard/types.ts';
import { type CallerLine, LISTS, type ProbeAnswer, type Scenario } from './player/scenario.ts';
import { countWords } from './player/words.ts';

const digit = z.string().regex(/^[0-9*#]$/, 'one of 0-9, * or #, in quotes');
const seconds = z.number().min(0).max(600);
const number = z.string().regex(/^\+[1-9]\d{4,18}$/, 'a number such as "+12135550143", in quotes');
const gapS = seconds
  .optional()
  .describe('Person: seconds after the agent has finished; recording: after the words before. Drawn when absent.');

const turn = z.union([
  z.strictObject({
    say: z.string().min(1).max(5_000),
    gapS,
    bargeIn: z.boolean().optional().describe('A person starts while the agent is speaking.'),
    'agent-note': z.string().optional(),
  }),
  z.strictObject({ digit, gapS, 'agent-note': z.string().optional() }),
  z.strictObject({
    silent: z.literal(true).describe('A person lets one reminder pass, then goes on.'),
    'agent-note': z.string().optional(),
  }),
  z.strictObject({ 'agent-note': z.string().describe('For readers; the player passes over it.') }),
]);

const probeAnswer = z.union([
  z.string().min(1).max(1_000),
  z.strictObject({ ignore: z.literal(true) }),
  z.strictObject({ wait: z.literal(true) }),
  z.strictObject({ digit }),
]);

const signalNames = z.array(z.string().regex(/^[a-z][a-z0-9-]*$/, 'the name of a signal'));

/** A fixture, format 1: one call to be played, and what must come of it. */
export const fixtureSchema = z
  .strictObject({
    format: z.literal(1),
    name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case, such as robocall-car-warranty'),
    description: z.string().min(1),
    kind: z
      .enum(['recording', 'person', 'silent'])
      .describe('recording: own clock, ignores the agent; person: answers; silent: nobody speaks'),
    tags: z
      .array(z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case, such as injection'))
      .max(20)
      .default([])
      .describe('To choose by; `blind`: written from the category definitions alone.'),
    knownMiss: z
      .string()
      .min(1)
      .max(300)
      .optional()
      .describe('Why the guard does not do yet what is expected. A person who is cut off is never a known miss.'),
    agent: z.string().default('default').describe('Agent name in the URL.'),
    language: z.string().default('en').describe('Language that the caller speaks.'),
    call: z
      .strictObject({
        direction: z.enum(['inbound', 'outbound', 'web']).default('inbound'),
        from: number.optional(),
        to: number.optional(),
        opt_out: z.boolean().default(false),
        sip_headers: z.record(z.string(), z.string()).default({}),
      })
      .prefault({}),
    before: z
      .array(
        z.strictObject({
          outcome: z.enum(OUTCOMES),
          category: z.enum(CATEGORIES).optional(),
          daysAgo: z.number().min(0).max(3_650),
        }),
      )
      .default([])
      .describe('Earlier calls of this number.'),
    listed: z
      .enum(LISTS)
      .optional()
      .describe('The number is on this list of the configuration, where the guard runs in the same process.'),
    turns: z.array(turn).max(500).default([]),
    probes: z
      .partialRecord(z.enum(['hold', 'who', 'scope', 'there', 'again', 'closing']), probeAnswer)
      .default({})
      .describe('How the person answers a probe, by kind.'),
    loop: z.boolean().default(false).describe('A recording starts over when it ends.'),
    expect: z.strictObject({
      decision: z.enum(['hang_up', 'none']),
      outcome: z.enum(OUTCOMES).optional(),
      category: z
        .union([z.enum(CATEGORIES), z.array(z.enum(CATEGORIES)).min(1)])
        .optional()
        .describe('Category of the decision; of several, either is right.'),
      latestTurn: z.number().int().min(0).optional().describe('Caller turn by which it is decided.'),
      latestS: z.number().min(0).optional(),
      evidence: signalNames.optional().describe('Signals that must have appeared.'),
      noEvidence: signalNames.optional().describe('Signals that must not.'),
      probed: z.boolean().optional(),
    }),
  })
  .superRefine((fixture, context) => {
    const spoken = fixture.turns.some((each) => 'say' in each || 'digit' in each);
    if (fixture.kind === 'silent' && spoken) {
      context.addIssue({ code: 'custom', path: ['turns'], message: 'a silent caller says nothing: remove the turns' });
    }
    if (fixture.kind !== 'silent' && !spoken) {
      context.addIssue({ code: 'custom', path: ['turns'], message: `a ${fixture.kind} needs something to say` });
    }
    if (fixture.call.direction === 'web' && (fixture.call.from ?? fixture.call.to) !== undefined) {
      context.addIssue({ code: 'custom', path: ['call', 'from'], message: 'a web call has no numbers' });
    }
  });

export type Fixture = z.infer<typeof fixtureSchema>;

/** JSON Schema (draft 2020-12) of a fixture file, for editors. */
export function fixtureJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(fixtureSchema, { io: 'input' }) as Record<string, unknown>;
}

/** A fixture as the player takes it. */
export function fixtureScenario(fixture: Fixture): Scenario {
  const { call, expect } = fixture;
  const lines = fixture.turns.flatMap(lineOf);
  return {
    id: fixture.name,
    set: 'fixtures',
    kind: fixture.kind,
    language: fixture.language,
    agent: fixture.agent,
    direction: call.direction,
    ...(call.from === undefined ? {} : { from: call.from }),
    ...(call.to === undefined ? {} : { to: call.to }),
    optOut: call.opt_out,
    sipHeaders: call.sip_headers,
    before: fixture.before.map(({ category, ...rest }) => ({
      ...rest,
      ...(category === undefined ? {} : { category }),
    })),
    ...(fixture.listed === undefined ? {} : { listed: fixture.listed }),
    lines,
    probes: Object.fromEntries(
      Object.entries(fixture.probes).flatMap(([kind, answer]) =>
        answer === undefined ? [] : [[kind, answerOf(answer)] as const],
      ),
    ),
    loop: fixture.loop,
    improvise: false,
    tags: fixture.tags,
    ...(fixture.knownMiss === undefined ? {} : { knownMiss: fixture.knownMiss }),
    expect: {
      decision: expect.decision,
      ...(expect.outcome === undefined ? {} : { outcome: expect.outcome }),
      ...(expect.category === undefined ? {} : { category: expect.category }),
      ...(expect.latestTurn === undefined ? {} : { latestTurn: expect.latestTurn }),
      ...(expect.latestS === undefined ? {} : { latestS: expect.latestS }),
      ...(expect.evidence === undefined ? {} : { evidence: expect.evidence }),
      ...(expect.noEvidence === undefined ? {} : { noEvidence: expect.noEvidence }),
      ...(expect.probed === undefined ? {} : { probed: expect.probed }),
    },
    wordsTotal: lines.reduce((sum, line) => sum + (line.type === 'say' ? countWords(line.text) : 0), 0),
  };
}

function lineOf(from: Fixture['turns'][number]): CallerLine[] {
  if ('silent' in from) return [{ type: 'silent' }];
  if (!('say' in from || 'digit' in from)) return [];
  const gap = from.gapS === undefined ? {} : { gapMs: from.gapS * 1_000 };
  if ('digit' in from) return [{ type: 'digit', digit: from.digit, ...gap }];
  return [{ type: 'say', text: from.say, ...gap, ...(from.bargeIn === undefined ? {} : { bargeIn: from.bargeIn }) }];
}

function answerOf(from: NonNullable<Fixture['probes']['who']>): ProbeAnswer {
  if (typeof from === 'string') return { type: 'say', text: from };
  if ('digit' in from) return { type: 'digit', digit: from.digit };
  return 'ignore' in from ? { type: 'ignore' } : { type: 'wait' };
}
