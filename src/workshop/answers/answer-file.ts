import { appendFileSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { causeOf } from '../../records/records-error.ts';
import { type AnswersFileStamp, answerLine, keyOfLine, type RecordedAnswer, stampLine } from './answer-line.ts';

/** A file of recorded answers cannot be used; the message names file and line, and holds no text of it. */
export class AnswerFileError extends Error {
  override readonly name = 'AnswerFileError';
}

const MOST_LINE_BYTES = 4 * 1024 * 1024;
const MOST_FILE_BYTES = 256 * 1024 * 1024;
const NEWLINE = 0x0a;

/** The recorded answers of one model to one system prompt. */
export interface AnswerFile {
  /** How many there are. */
  readonly size: number;
  /** @throws AnswerFileError */
  get(key: string): RecordedAnswer | undefined;
  /**
   * Appends an answer; it is there when this returns. A torn last line, such as a killed process leaves, is cut off
   * before. Of two answers with one key the first one counts.
   *
   * @throws AnswerFileError
   */
  add(answer: RecordedAnswer): void;
}

/**
 * Reads a file of answers, once; one that does not exist has none, and is made by the first `add`.
 *
 * @throws AnswerFileError
 */
export function answerFile(path: string, stamp: AnswersFileStamp): AnswerFile {
  const content = read(path);
  /** Up to the last end of a line; what comes after it is torn. */
  const wholeBytes = content.lastIndexOf(NEWLINE) + 1;
  const answers = new Map<string, () => RecordedAnswer>();
  let line = 0;
  for (let from = 0; from < wholeBytes; line++) {
    const end = content.indexOf(NEWLINE, from);
    const number = line + 1;
    if (end - from > MOST_LINE_BYTES) throw damaged(path, number, 'the line is too long');
    const text = content.toString('utf8', from, end);
    from = end + 1;
    if (line === 0) checkStamp(path, text, stamp);
    else {
      const { key } = parse(path, number, text, keyOfLine);
      if (!answers.has(key)) answers.set(key, () => parse(path, number, text, answerLine));
    }
  }
  let bytes = wholeBytes;
  let torn = content.length > wholeBytes ? content.length : 0;

  return {
    get size() {
      return answers.size;
    },
    get: (key) => answers.get(key)?.(),
    add(answer) {
      const text = `${JSON.stringify(answer)}\n`;
      const length = Buffer.byteLength(text);
      if (length > MOST_LINE_BYTES) throw new AnswerFileError(`${path}: an answer is too long to be kept`);
      if (bytes + length > MOST_FILE_BYTES) {
        throw new AnswerFileError(`${path}: the file is full; delete it, and record again`);
      }
      try {
        if (torn > 0) repair(path, torn, wholeBytes);
        torn = 0;
        if (bytes === 0) bytes += begin(path, stamp);
        appendFileSync(path, text);
      } catch (error) {
        throw new AnswerFileError(`${path}: the answer could not be kept (${causeOf(error)})`);
      }
      bytes += length;
      if (!answers.has(answer.key)) answers.set(answer.key, () => answer);
    },
  };
}

function read(path: string): Buffer {
  try {
    if (statSync(path).size > MOST_FILE_BYTES) throw new AnswerFileError(`${path}: the file is too large`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof AnswerFileError) throw error;
    if (isCode(error, 'ENOENT')) return Buffer.alloc(0);
    throw new AnswerFileError(`${path}: cannot be read (${causeOf(error)})`);
  }
}

/** Writes the stamp; the number of its bytes. */
function begin(path: string, stamp: AnswersFileStamp): number {
  const text = `${JSON.stringify(stamp)}\n`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    // An empty file, or one whose stamp was torn, has none either.
    const there = statSync(path, { throwIfNoEntry: false });
    writeFileSync(path, text, { flag: there?.size === 0 ? 'a' : 'wx', mode: 0o600 });
  } catch (error) {
    // Another process has just begun it.
    if (!isCode(error, 'EEXIST')) throw error;
  }
  return Buffer.byteLength(text);
}

/** Cuts a torn line off, unless another process has written since: it repaired the file before. */
function repair(path: string, sizeThen: number, wholeBytes: number): void {
  if (statSync(path).size === sizeThen) truncateSync(path, wholeBytes);
}

function checkStamp(path: string, text: string, wanted: AnswersFileStamp): void {
  const found = parse(path, 1, text, stampLine);
  for (const field of ['type', 'model', 'endpoint', 'systemHash'] as const) {
    if (found[field] !== wanted[field]) throw damaged(path, 1, `${field} is another one: the file was moved`);
  }
}

function parse<T extends z.ZodType>(path: string, line: number, text: string, schema: T): z.infer<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw damaged(path, line, 'not JSON');
  }
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw damaged(path, line, ['not as expected', ...(issue?.path ?? [])].join(' '));
}

function damaged(path: string, line: number, why: string): AnswerFileError {
  return new AnswerFileError(`${path}:${line}: damaged (${why}); delete the file, and record again`);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
