import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LOCK_FILE = 'pid';

/** Marks a run as being worked on by this process. */
export function takeRun(directory: string): void {
  writeFileSync(join(directory, LOCK_FILE), String(process.pid), { mode: 0o600 });
}

export function releaseRun(directory: string): void {
  rmSync(join(directory, LOCK_FILE), { force: true });
}

/** A living process other than this one is at work on the run. One that was killed is not. */
export function isHeld(directory: string): boolean {
  let pid: number;
  try {
    pid = Number(readFileSync(join(directory, LOCK_FILE), 'utf8'));
  } catch {
    return false;
  }
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
