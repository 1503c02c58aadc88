import { randomUUID } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { scaledClock, wallClock } from '../clock.ts';
import type { CallRecord } from '../records/record.ts';
import { heldModels } from '../workshop/answers/held-models.ts';
import { DataSetError, loadDataSets } from '../workshop/data-set.ts';
import { differences } from '../workshop/expectation.ts';
import { ANSWERS_BY, type AnswersBy, answersBy } from '../workshop/fake-model/answers-by.ts';
import { fixtureScenario } from '../workshop/fixture.ts';
import { FixtureError, loadFixtures } from '../workshop/fixture-files.ts';
import { playHere } from '../workshop/play-here.ts';
import { reportPlays } from '../workshop/play-report.ts';
import { playReportText } from '../workshop/play-report-text.ts';
import { withNumbers } from '../workshop/player/call-facts.ts';
import { callUrl, connectWs } from '../workshop/player/connect-ws.ts';
import { playMany } from '../workshop/player/play-many.ts';
import type { PlayResult } from '../workshop/player/play-result.ts';
import type { ProbeTexts } from '../workshop/player/probe-texts.ts';
import { seededRng } from '../workshop/player/rng.ts';
import type { Scenario } from '../workshop/player/scenario.ts';
import { CliError, EXIT } from './errors.ts';
import { count } from './flag-values.ts';
import { type Progress, startProgress } from './progress.ts';

export interface PlayDeps {
  /** What the guard may ask, so that people can answer. */
  readonly probeTexts: () => ProbeTexts;
  /** Played when neither FILE nor --data is given. */
  readonly fixturesDirectory: string;
  readonly stdout?: { write(text: string): unknown };
  readonly setExitCode?: (code: number) => void;
}

interface PlayFlags {
  readonly url?: string;
  readonly data?: string;
  readonly sets?: string[];
  readonly exclude?: string[];
  readonly limit?: number;
  readonly seed: string;
  readonly concurrency: number;
  readonly rate?: number;
  readonly socket?: boolean;
  readonly responder: AnswersBy;
  readonly asrNoise?: boolean;
  readonly asRecordings?: boolean;
  readonly shuffle?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  hangup-guard play                              every fixture, against a guard in this process
  hangup-guard play fixtures/silent-line.yaml    one of them
  hangup-guard play --data ../data --sets robocalls,callers --shuffle --asr-noise
  hangup-guard play --responder openai           answered over that API, by a fake model on loopback
  hangup-guard play --url "ws://127.0.0.1:8080/llm-websocket/default?key=$HANGUP_GUARD_KEY"

Exit code: 0 as expected; 1 a person was cut or left without a reply, a call failed, or a fixture came out
differently (the fixtures of this package hold a few machines that are known to be missed); 2 wrong usage.
`;

/** The command \`play\`: calls a Retell-style server as the platform would, and reports what came of it. */
export function playCommand(deps: PlayDeps): Command {
  return new Command('play')
    .description('play fixtures or data sets against a Retell-style server, as the voice platform does')
    .argument('[path]', 'fixture file or directory')
    .option('--url <url>', 'server to call (default: a guard in this process, in virtual time)')
    .option('--data <dir>', 'directory of JSONL data sets')
    .option('--sets <names>', 'only these files of --data, by the start of their names', list)
    .option('--exclude <names>', 'not these files of --data', list)
    .option('--limit <n>', 'rows a file, drawn by the seed', count)
    .option('--seed <seed>', 'the same seed gives the same calls', '1')
    .option('--concurrency <n>', 'calls at a time', count, 50)
    .option('--rate <r>', 'time runs so many times faster (only with a server started with the same --rate)', rate)
    .option('--socket', 'reach the guard in this process over a real socket, in virtual time all the same')
    .addOption(
      new Option(
        '--responder <type>',
        'who answers in this process: the script, or a loopback fake model over that API',
      )
        .choices(ANSWERS_BY)
        .default('scripted'),
    )
    .option('--asr-noise', 'the ASR mishears 5-15% of the words')
    .option('--as-recordings', 'play the callers of dialogues as recordings of a conversation')
    .option('--shuffle', 'mix people and machines into one stream')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string | undefined, flags: PlayFlags) => {
      const setExitCode = deps.setExitCode ?? ((code: number) => (process.exitCode = code));
      try {
        setExitCode(await play(deps, path, flags));
      } catch (error) {
        if (!(error instanceof FixtureError || error instanceof DataSetError)) throw error;
        throw new CliError(error.message, undefined, EXIT.usage);
      }
    });
}

async function play(deps: PlayDeps, path: string | undefined, flags: PlayFlags): Promise<number> {
  const stdout = deps.stdout ?? process.stdout;
  const { url } = flags;
  if (url !== undefined) checkUrl(url);
  if (url !== undefined && flags.responder !== 'scripted') {
    throw new CliError(
      '--responder is for the guard in this process, not for --url',
      'the server at --url answers as its own guard.yaml says; `hangup-guard fake-model` can stand behind it',
      EXIT.usage,
    );
  }
  if (url !== undefined && flags.socket === true) {
    throw new CliError('--socket is for the guard in this process, not for --url', 'leave it out', EXIT.usage);
  }
  if (url === undefined && flags.rate !== undefined) {
    throw new CliError('--rate needs --url', 'in this process time is virtual anyway', EXIT.usage);
  }
  // A server remembers calls and numbers; another run with the same seed must not look like the same calls again.
  const salt = url === undefined ? '' : randomUUID();
  const scenarios = await choose(deps, path, flags, salt);
  const progress = startProgress('playing', scenarios.length, flags.json === true);
  const { results, records, note } =
    url === undefined
      ? await playInProcess(deps, scenarios, flags, progress)
      : await playOver(url, deps, scenarios, flags, salt, progress);
  progress.stop();

  const report = reportPlays(results);
  const different = results.flatMap((result) => {
    const fixture = result.set === 'fixtures';
    const found = fixture ? differences(result, records.get(result.callId)) : [];
    return found.length === 0 ? [] : [{ id: result.id, differences: found }];
  });
  if (flags.json === true) {
    const answers = note === '' ? {} : { answers: note };
    stdout.write(`${JSON.stringify({ ...answers, report, different, calls: results }, null, 2)}\n`);
  } else {
    if (note !== '') stdout.write(`${note}\n`);
    stdout.write(`${playReportText(report)}\n`);
    for (const { id, differences: found } of different) stdout.write(`${id}: ${found.join('; ')}\n`);
  }
  // A fixture says itself what may happen to its caller.
  const cut = report.cut.filter(({ set }) => set !== 'fixtures');
  const bad = different.length > 0 || cut.length > 0 || report.unanswered.length > 0 || report.failed.length > 0;
  return bad ? EXIT.finding : EXIT.ok;
}

async function choose(deps: PlayDeps, path: string | undefined, flags: PlayFlags, salt: string): Promise<Scenario[]> {
  const fixtures = path ?? (flags.data === undefined ? deps.fixturesDirectory : undefined);
  if (flags.data === undefined && (flags.sets ?? flags.exclude) !== undefined) {
    throw new CliError('--sets and --exclude choose among the files of --data', 'add --data DIR', EXIT.usage);
  }
  const chosen = fixtures === undefined ? [] : loadFixtures(fixtures).map(fixtureScenario);
  if (flags.data !== undefined) {
    chosen.push(
      ...(await loadDataSets(flags.data, {
        seed: flags.seed,
        asRecordings: flags.asRecordings === true,
        ...(flags.sets === undefined ? {} : { sets: flags.sets }),
        ...(flags.exclude === undefined ? {} : { exclude: flags.exclude }),
        ...(flags.limit === undefined ? {} : { limit: flags.limit }),
      })),
    );
  }
  const numbered = withNumbers(chosen, `${flags.seed}${salt}`);
  return flags.shuffle === true ? seededRng(`${flags.seed}/order`).shuffled(numbered) : numbered;
}

interface Played {
  readonly results: readonly PlayResult[];
  readonly records: ReadonlyMap<string, CallRecord>;
  /** Who answered, where it is a fake model; else ''. */
  readonly note: string;
}

async function playInProcess(
  deps: PlayDeps,
  scenarios: readonly Scenario[],
  flags: PlayFlags,
  progress: Progress,
): Promise<Played> {
  const answers = await answersBy(flags.responder);
  const { wrapModel, hold } = heldModels();
  try {
    const calls = await playHere(scenarios, {
      guard: { ...answers.guard, wrapModel },
      hold,
      seed: flags.seed,
      probeTexts: deps.probeTexts(),
      asrNoise: flags.asrNoise === true,
      concurrency: flags.concurrency,
      overSocket: flags.socket === true,
      onCall: () => progress.step(),
    });
    const records = new Map<string, CallRecord>();
    for (const { result, record } of calls) if (record !== null) records.set(result.callId, record);
    return { results: calls.map(({ result }) => result), records, note: answers.note };
  } finally {
    await answers.close();
  }
}

async function playOver(
  url: string,
  deps: PlayDeps,
  scenarios: readonly Scenario[],
  flags: PlayFlags,
  salt: string,
  progress: Progress,
): Promise<Played> {
  // The clock's timers do not keep the process alive; the calls that are not connected yet must.
  const alive = setInterval(() => undefined, 1_000);
  try {
    const results = await playMany(scenarios, {
      connect: connectWs(url),
      clock: flags.rate === undefined ? wallClock : scaledClock(flags.rate),
      seed: flags.seed,
      callIdSalt: salt,
      probeTexts: deps.probeTexts(),
      asrNoise: flags.asrNoise === true,
      concurrency: flags.concurrency,
      onResult: () => progress.step(),
    });
    return { results, records: new Map(), note: '' };
  } finally {
    clearInterval(alive);
  }
}

function checkUrl(url: string): void {
  try {
    callUrl(url, 'default', 'call');
  } catch {
    // The URL itself is not repeated: it may hold the key.
    throw new CliError('--url: not a URL that can be called', 'it starts with ws:// or wss://', EXIT.usage);
  }
}

function list(value: string): string[] {
  return value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function rate(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= 1_000)) throw new InvalidArgumentError('A number above 0 is needed.');
  return number;
}
