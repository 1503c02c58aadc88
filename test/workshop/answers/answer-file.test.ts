import { appendFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { AnswerFileError, answerFile } from '../../../src/workshop/answers/answer-file.ts';
import type { AnswersFileStamp, RecordedAnswer } from '../../../src/workshop/answers/answer-line.ts';
import { fakeModel, filesIn, fixture, newDirectory, play } from './answers-kit.ts';

const STAMP: AnswersFileStamp = {
  format: 1,
  type: 'openai',
  model: 'm',
  endpoint: null,
  vendor: true,
  systemHash: '0123456789ab',
  guard: '1.0.0',
};
const keyOf = (n: number): string => String(n).padStart(64, '0');
const answer = (n: number, said = 'Hello'): RecordedAnswer => ({
  key: keyOf(n),
  at: 1_790_000_000_000 + n,
  ms: 40,
  pieces: [
    [30, { type: 'text', text: said }],
    [40, { type: 'finish', reason: 'stop' }],
  ],
});

let path: string;
beforeEach(() => {
  path = join(newDirectory(), 'openai-m-01234567', '0123456789ab.ndjson');
});
const open = (stamp = STAMP) => answerFile(path, stamp);
/** A file with answers 1 to 3. */
function written(): void {
  const file = open();
  for (const n of [1, 2, 3]) file.add(answer(n));
}

describe('a file of answers', () => {
  it('begins with its stamp and gives back what was added, at once and when it is read again', () => {
    const file = open();
    expect([file.size, file.get(keyOf(1))]).toEqual([0, undefined]);
    file.add(answer(1));
    file.add({ key: keyOf(2), at: 1, ms: 5, value: { answer: 'customer' } });
    expect(file.get(keyOf(1))).toEqual(answer(1));
    expect(JSON.parse(readFileSync(path, 'utf8').split('\n')[0] ?? '')).toEqual(STAMP);
    expect(open().size).toBe(2);
    expect(open().get(keyOf(1))).toEqual(answer(1));
    expect(open().get(keyOf(2))).toMatchObject({ value: { answer: 'customer' } });
  });

  it('keeps the first of two answers with one key', () => {
    const [one, two] = [open(), open()];
    one.add(answer(1, 'first'));
    two.add(answer(1, 'second'));
    expect(open().get(keyOf(1))).toEqual(answer(1, 'first'));
  });

  it('ignores a torn last line and cuts it off before the next answer, wherever it is torn', () => {
    written();
    const full = readFileSync(path);
    const ends = [...full.entries()].flatMap(([at, byte]) => (byte === 0x0a ? [at + 1] : []));
    const near = ends.flatMap((end) => [end - 1, end, end + 1]).filter((bytes) => bytes < full.length);
    for (const bytes of [0, 1, 20, ...near, full.length - 20]) {
      writeFileSync(path, full);
      truncateSync(path, bytes);
      const lines = ends.filter((end) => end <= bytes).length;
      const file = open();
      expect(file.size).toBe(Math.max(0, lines - 1));
      file.add(answer(9));
      const read = open();
      expect([read.size, read.get(keyOf(9))]).toEqual([Math.max(1, lines), answer(9)]);
    }
  });

  it.each([
    ['is not JSON', 3, '{"key": nonsense'],
    ['is no answer', 3, '{"some":"thing"}'],
    ['is empty', 2, ''],
    ['has another format', 1, JSON.stringify({ ...STAMP, format: 2 })],
    ['has no stamp', 1, JSON.stringify(answer(1))],
    ['is of another model', 1, JSON.stringify({ ...STAMP, model: 'other' })],
    ['is of another prompt', 1, JSON.stringify({ ...STAMP, systemHash: 'ba9876543210' })],
  ])('names file and line when a line %s', (_what, line, text) => {
    written();
    const lines = readFileSync(path, 'utf8').split('\n');
    lines[line - 1] = text;
    writeFileSync(path, lines.join('\n'));
    expect(open).toThrow(AnswerFileError);
    expect(open).toThrow(`${path}:${line}: damaged`);
  });

  it('names file and line when an answer is wanted that has lost its end', () => {
    written();
    const { pieces: _, ...rest } = answer(2) as Extract<RecordedAnswer, { pieces: unknown }>;
    appendFileSync(path, `${JSON.stringify({ ...rest, key: keyOf(4), pieces: [[1, { type: 'text', text: 'x' }]] })}\n`);
    expect(open().get(keyOf(3))).toEqual(answer(3));
    expect(() => open().get(keyOf(4))).toThrow(`${path}:5: damaged`);
  });

  it('says what is wrong with a path that is no file', () => {
    mkdirSync(path, { recursive: true });
    expect(open).toThrow(`${path}: cannot be read (EISDIR)`);
  });
});

describe('a run', () => {
  const PERSON = [fixture('person-wrong-number')];

  it('ends with the name of the damaged file and line', async () => {
    const directory = newDirectory();
    const model = await fakeModel();
    await play(PERSON, model, { directory, mode: 'record' });
    for (const { path: file, text } of filesIn(directory)) writeFileSync(file, text.replace(/"pieces"/, '"pie'));
    const [damaged] = filesIn(directory).filter(({ text }) => text.includes('"pie:') || text.includes('"pie'));
    await expect(play(PERSON, model, { directory })).rejects.toThrow(/ndjson:2: damaged/);
    expect(damaged).toBeDefined();
  });

  it('ends when answers cannot be kept, and does not pay for more', async () => {
    const directory = join(newDirectory(), 'file');
    writeFileSync(directory, 'not a directory');
    const model = await fakeModel();
    await expect(play(PERSON, model, { directory, mode: 'record' })).rejects.toThrow(AnswerFileError);
    expect(model.counts().requests).toBeLessThanOrEqual(1);
  });

  it('pays only for what was torn', async () => {
    const directory = newDirectory();
    const model = await fakeModel();
    const how = { directory, mode: 'record', classifier: false } as const;
    await play(PERSON, model, how);
    const { requests } = model.counts();
    const [file] = filesIn(directory);
    truncateSync(file?.path ?? '', Buffer.byteLength(file?.text ?? '') - 7);
    await play(PERSON, model, how);
    expect(model.counts().requests).toBe(requests + 1);
    expect((await play(PERSON, model, { ...how, mode: 'replay' })).missing()).toEqual([]);
  });
});
