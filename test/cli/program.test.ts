import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { CliError, EXIT } from '../../src/cli/errors.ts';
import { initCommand } from '../../src/cli/init.ts';
import { type CliCommand, runCli } from '../../src/cli/program.ts';
import { schemaCommand } from '../../src/cli/schema.ts';
import { loadConfig } from '../../src/config.ts';
import { packageVersion } from '../../src/version.ts';

/** Runs a command line in process; `extra` are commands made for the test. */
async function run(argv: readonly string[], extra: readonly CliCommand[] = []) {
  let out = '';
  let err = '';
  const commands = [{ make: initCommand }, { make: schemaCommand, hidden: true }, ...extra];
  const code = await runCli(commands, argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

function failing(error: unknown): CliCommand {
  return {
    make: () =>
      new Command('fail').action(() => {
        throw error;
      }),
  };
}

describe('the program', () => {
  it('prints its version', async () => {
    expect(await run(['--version'])).toEqual({ code: EXIT.ok, out: `${packageVersion()}\n`, err: '' });
  });

  it('helps with examples and hides what is hidden', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(EXIT.ok);
    expect(out).toContain('Examples:');
    expect(out).toContain('init');
    expect(out).not.toMatch(/^ {2}schema/m);
    expect((await run(['init', '--help'])).out).toContain('Examples:');
  });

  it.each([
    [['inti'], "error: unknown command 'inti'\nhint: did you mean init?"],
    [['init', '--forse'], "error: unknown option '--forse'\nhint: did you mean --force?"],
    [['init', 'a', 'b'], 'error: too many arguments'],
    [[], 'Usage: hangup-guard'],
  ])('%j is wrong usage', async (argv, expected) => {
    const { code, err, out } = await run(argv);
    expect(code).toBe(EXIT.usage);
    expect(err).toContain(expected);
    expect(out).toBe('');
  });

  it('ends nested commands without ending the process', async () => {
    const nested: CliCommand = {
      make: () => new Command('log').addCommand(new Command('list').requiredOption('--number <n>')),
    };
    const { code, err } = await run(['log', 'list'], [nested]);
    expect(code).toBe(EXIT.usage);
    expect(err).toContain("required option '--number <n>'");
  });
});

describe('errors', () => {
  it('that a person can mend are a line and a hint', async () => {
    const { code, err } = await run(['fail'], [failing(new CliError('port 80 is taken', 'use --port', EXIT.usage))]);
    expect({ code, err }).toEqual({ code: EXIT.usage, err: 'error: port 80 is taken\nhint: use --port\n' });
    const plain = await run(['fail'], [failing(new CliError('two calls differ'))]);
    expect(plain).toEqual({ code: EXIT.finding, out: '', err: 'error: two calls differ\n' });
  });

  it('of the configuration are shown in full', async () => {
    const load: CliCommand = { make: () => new Command('load').action(() => void loadConfig('gone.yaml')) };
    const { code, err } = await run(['load'], [load]);
    expect({ code, err }).toEqual({
      code: EXIT.usage,
      err: 'error: gone.yaml: no such file — make one with: hangup-guard init\n',
    });
  });

  it('of the system need no stack, unforeseen ones have it', async () => {
    const system = Object.assign(new Error('listen EADDRINUSE :::80'), { code: 'EADDRINUSE', syscall: 'listen' });
    expect((await run(['fail'], [failing(system)])).err).toBe('error: listen EADDRINUSE :::80\n');
    const bug = await run(['fail'], [failing(new TypeError('x is not a function'))]);
    expect(bug.code).toBe(EXIT.finding);
    expect(bug.err).toContain('program.test.ts');
    expect(bug.err).toContain('hint: this is a bug');
  });
});
