import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { CliError } from './errors.ts';

/** The person who confirms an import. */
export interface Terminal {
  /** False: nobody can be asked. */
  readonly isTty: boolean;
  /** One line of theirs; '' when the input ends. */
  ask(question: string): Promise<string>;
  /** The text after they have edited it. */
  edit(text: string): string;
}

export const terminal: Terminal = {
  get isTty() {
    return process.stdin.isTTY === true && process.stdout.isTTY === true;
  },
  async ask(question) {
    const lines = createInterface({ input: process.stdin, output: process.stdout });
    const closed = new AbortController();
    lines.once('close', () => closed.abort());
    try {
      return await lines.question(question, { signal: closed.signal });
    } catch {
      // Ctrl-C and Ctrl-D: no.
      return '';
    } finally {
      lines.close();
    }
  },
  edit(text) {
    const [editor = 'vi', ...args] = (process.env.VISUAL || process.env.EDITOR || 'vi').split(/\s+/);
    // A directory that only its owner can read: what is edited is not yet known to be free of personal data.
    const dir = mkdtempSync(join(tmpdir(), 'hangup-guard-fixture-'));
    try {
      const file = join(dir, 'fixture.yaml');
      writeFileSync(file, text, { mode: 0o600 });
      const { error, status } = spawnSync(editor, [...args, file], { stdio: 'inherit' });
      if (error !== undefined || status !== 0) throw new CliError('the editor failed', 'set VISUAL or EDITOR');
      return readFileSync(file, 'utf8');
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
};
