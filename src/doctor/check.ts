import type { Config, Secrets } from '../config.ts';

/** `skip`: could not be looked at, and why. */
export type Status = 'ok' | 'warn' | 'fail' | 'skip';

/** What was found about one part. */
export interface Finding {
  readonly part: string;
  readonly status: Status;
  /** What is so, in one sentence; never holds a secret. */
  readonly message: string;
  /** What to do about it. */
  readonly fix?: string;
}

export interface DoctorContext {
  readonly config: Config;
  readonly secrets: Secrets;
  /** Where the platform reaches this guard, when the user gave it: wss://host/llm-websocket/agent. */
  readonly publicUrl: string | undefined;
  /** Nothing is sent over the network. */
  readonly offline: boolean;
  /** REST API of the platform. */
  readonly retellUrl: string;
  readonly timeoutMs: number;
}

/** One part of the guard and how it is examined; registered in `doctor/index.ts`. Does not throw. */
export interface Check {
  readonly name: string;
  /** What a call experiences while this part does not work. */
  readonly ifDown: string;
  run(context: DoctorContext): Promise<readonly Finding[]>;
}

/** Findings of one part. */
export function findingsOf(part: string) {
  const finding =
    (status: Status) =>
    (message: string, fix?: string): Finding => ({ part, status, message, ...(fix === undefined ? {} : { fix }) });
  return { ok: finding('ok'), warn: finding('warn'), fail: finding('fail'), skip: finding('skip') };
}
