import { Command, Option } from 'commander';
import pc from 'picocolors';
import { scaledClock } from '../clock.ts';
import { differences } from '../workshop/expectation.ts';
import { ANSWERS_BY, type AnswersBy, answersBy } from '../workshop/fake-model/answers-by.ts';
import { fixtureScenario } from '../workshop/fixture.ts';
import { loadFixtures } from '../workshop/fixture-files.ts';
import { localGuard, recordOnceWritten } from '../workshop/in-process-guard.ts';
import { connectWs } from '../workshop/player/connect-ws.ts';
import { playMany } from '../workshop/player/play-many.ts';
import type { ProbeTexts } from '../workshop/player/probe-texts.ts';
import type { Scenario } from '../workshop/player/scenario.ts';
import { type DemoCall, demoLine, demoTable } from './demo-table.ts';
import { CliError } from './errors.ts';

/** The calls of the demo: machines first, then people who could be taken for one. */
export const DEMO_FIXTURES = [
  'robocall-prize-draw',
  'robocall-account-alert',
  'keypad-menu-energy',
  'announcement-long-outage-notice',
  'voicemail-greeting-office',
  'silent-line',
  'bot-assistant-loop',
  'sales-pitch-seo',
  'person-chatty-grandmother',
  'person-angry-refund',
  'person-quotes-press-one',
  'person-spanish-appointment',
  'person-relay-operator',
  'person-stutter',
  'person-elderly-looking-for-card',
] as const;

/** Guard and player share one clock that runs this much faster than the wall. */
const RATE = 8;
/** Of the fake model, in milliseconds of the wall. */
const PACE = { firstTokenMs: 25, tokenMs: 3 };
const BAD_CALL_MS = 180_000;

const EXAMPLES = `
Examples:
  hangup-guard demo             fifteen calls over real WebSockets, about 20 seconds
  hangup-guard demo --json      the same as data
  hangup-guard demo --responder anthropic    answered over that API, by a fake model on loopback

Exit code: 0 when every machine was hung up on with the right category, and no person was hung up on or left
without a reply; 1 when any call came out differently.
`;

/** `demo`: a guard on a free port and the player as the voice platform, with no key and no configuration. */
export function demoCommand(deps: { fixturesDirectory: string; probeTexts: () => ProbeTexts }): Command {
  return new Command('demo')
    .description('see the guard at work: machines and people call it over real sockets')
    .option('--json', 'print the results as JSON')
    .addOption(
      new Option('--responder <type>', 'who answers: the script itself, or a loopback fake model over that API')
        .choices(ANSWERS_BY)
        .default('scripted'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async ({ json, responder }: { json?: boolean; responder: AnswersBy }) => {
      const results = await playDemo(deps, responder, json ? () => {} : (text) => process.stdout.write(text));
      // The results are the same whoever answered, so this is not among them.
      if (json && responder !== 'scripted') process.stderr.write('answers: a fake model on loopback, not a model\n');
      if (json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
      else process.stdout.write(`${demoTable(results)}\n`);
      if (results.some(({ differs }) => differs.length > 0)) process.exitCode = 1;
    });
}

async function playDemo(
  { fixturesDirectory, probeTexts }: { fixturesDirectory: string; probeTexts: () => ProbeTexts },
  responder: AnswersBy,
  print: (text: string) => void,
): Promise<DemoCall[]> {
  const byName = new Map(loadFixtures(fixturesDirectory).map((fixture) => [fixture.name, fixture]));
  const scenarios: Scenario[] = DEMO_FIXTURES.map((name) => {
    const fixture = byName.get(name);
    if (!fixture) throw new CliError(`the demo fixture ${name} is missing`, 'restore it in fixtures/');
    return fixtureScenario(fixture);
  });
  const clock = scaledClock(RATE);
  const answers = await answersBy(responder, PACE);
  const local = await localGuard(clock, { port: 0, ...answers.guard }).catch(async (error: unknown) => {
    await answers.close();
    throw error;
  });
  print(
    `${pc.bold('hangup-guard demo')}: ${scenarios.length} calls to ${local.guard.url}/default, time runs ${RATE} times as fast\n${answers.note && `${answers.note}\n`}\n`,
  );
  const results: DemoCall[] = [];
  const pending: Promise<void>[] = [];
  try {
    const played = await playMany(scenarios, {
      connect: connectWs(`${local.guard.url}/default`),
      clock,
      seed: 'demo',
      probeTexts: probeTexts(),
      concurrency: scenarios.length,
      before: (scenario) => {
        if (scenario.from) local.remember(scenario.from, scenario.before);
      },
      onResult: (result) => {
        pending.push(
          (async () => {
            const record = await recordOnceWritten(() => local.record(result.callId));
            const savedMs = record?.decision === 'hang_up' ? Math.max(0, BAD_CALL_MS - record.callMs) : 0;
            const call: DemoCall = {
              name: result.id,
              kind: result.kind,
              outcome: record?.outcome ?? 'no record',
              decision: record?.decision ?? 'none',
              category: record?.decision === 'hang_up' ? record.category : null,
              why: record?.reason ?? record?.protectedBy ?? '',
              seconds: result.callMs / 1_000,
              words: result.callerWords,
              turns: result.turns.length,
              probes: record?.probes.map(({ kind, result: how }) => `${kind}: ${how}`) ?? [],
              savedSeconds: savedMs / 1_000,
              differs: record ? differences(result, record) : ['no record was written'],
            };
            results.push(call);
            print(`${demoLine(call)}\n`);
          })(),
        );
      },
    });
    await Promise.all(pending);
    if (played.length !== scenarios.length) throw new CliError('not every call of the demo was played');
  } finally {
    await local.close();
    await answers.close();
  }
  const order = (name: string): number => (DEMO_FIXTURES as readonly string[]).indexOf(name);
  return results.sort((a, b) => order(a.name) - order(b.name));
}
