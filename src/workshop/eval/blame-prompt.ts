import { printable } from '../../records/printable.ts';
import { probeRecogniser } from '../player/probe-texts.ts';
import type { Blamed, Scene } from './blame-context.ts';
import type { PromptChange } from './diff.ts';
import type { EvalCall } from './run.ts';

/** So much of a line is quoted. */
const QUOTED = 80;
/** A line that was cut off by the caller still tells which one it was. */
const ENOUGH_CHARS = 8;

/** The agent said something else than before, or took an answer differently, and a prompt was edited. */
export function blamePrompt({ pair, context, step, words, levels, answer }: Scene): Blamed | null {
  const prompts = context.edits.prompts.filter(({ variant }) => variant === pair.b.variant);
  if (prompts.length === 0) return null;
  const agent = pair.b.record?.agent ?? '';
  const probes = prompts.filter(({ id }) => id.startsWith('probes/'));
  const model = prompts.filter(({ id }) => id === 'guard' || id === `agent:${agent}`);

  if (words !== null) {
    const at = `at turn ${words.turn}`;
    const said = probes.find((change) => isOf(change, 'removed', words.a) || isOf(change, 'added', words.b));
    if (said !== undefined) {
      const [was, is] = [quoted(words.a), quoted(words.b)];
      return { cause: 'prompt', why: `prompt: ${said.id} edited; the agent said ${is} ${at}, not ${was}` };
    }
    // What was said after the ladders had parted differs as a matter of course.
    const before = step === null || words.turn < step.turn;
    const [first] = model;
    if (before && first !== undefined && [pair.a, pair.b].some(hasModel)) {
      return { cause: 'prompt', why: `prompt: ${listed(model)} edited; the model said something else ${at}` };
    }
  }
  if (levels?.signal === 'llm-classifier' || levels?.signal === 'model-report') {
    const told = levels.signal === 'model-report' ? model : prompts.filter(({ id }) => id === 'classifier');
    if (told.length > 0) {
      const what = `${levels.signal} ${levels.a ?? 'none'} → ${levels.b ?? 'none'} at turn ${levels.turn}`;
      return { cause: 'prompt', why: `prompt: ${listed(told)} edited; ${what}` };
    }
  }
  if (answer !== null && probes.length > 0 && !context.edits.code) {
    const what = `the answer to the ${answer.kind} question at turn ${answer.turn} was ${answer.b}, not ${answer.a}`;
    return { cause: 'prompt', why: `prompt: ${listed(probes)} edited; ${what}` };
  }
  return null;
}

const hasModel = ({ record }: EvalCall): boolean => (record?.models ?? []).length > 0;

const listed = (prompts: readonly PromptChange[]): string =>
  [...new Set(prompts.map(({ id }) => id))].slice(0, 3).join(', ');

/** Models may repeat what callers say: like caller text, it is quoted as one harmless line. */
const quoted = (text: string | null): string => (text === null ? 'nothing' : `"${printable(text, QUOTED)}"`);

/** Whether a text is one of the changed lines of a prompt, with its variables filled in. */
function isOf({ lines }: PromptChange, type: 'removed' | 'added', said: string | null): boolean {
  if (said === null || said === '') return false;
  const texts = lines.filter((line) => line.type === type).map(({ text }) => text.replace(/^\s*[-*]\s+/, ''));
  if (texts.some((text) => said.length >= ENOUGH_CHARS && text.startsWith(said))) return true;
  return probeRecogniser({ edited: { line: texts } }, ['line'])(said) !== null;
}
