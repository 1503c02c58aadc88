import { DEFAULT_ACTIONS } from '../../guard/policy.ts';
import { rescore } from '../rescore/rescore.ts';
import type { EvalCase } from './cases.ts';
import type { Edits } from './diff.ts';
import { editsOf } from './edits.ts';
import type { EvalCall, EvalRun, LoadedRun, RunStamp, VariantStamp } from './run.ts';

/**
 * The cases whose calls an edit may have changed; the others would come out as they did in `before`. When in doubt a
 * case is among them.
 */
export function touchedCases(cases: readonly EvalCase[], before: LoadedRun, next: EvalRun): EvalCase[] {
  const edits = editsOf(before, { run: next, calls: [], directory: before.directory });
  const calls = new Map(before.calls.map((call) => [call.key, call]));
  const stamps = new Map(next.stamp.variants.map((stamp) => [stamp.id, stamp]));
  return cases.filter((one) => {
    const call = calls.get(one.key);
    const stamp = stamps.get(one.variant.id);
    if (call === undefined || stamp === undefined || call.hash !== one.hash || call.unrecorded > 0) return true;
    if (call.record === null || edits.code || edits.configs.includes(stamp.id)) return true;
    return (
      byPrompts(edits, one, stamp) || byWeights(edits, call, next.stamp) || byThresholds(edits, call, stamp, next.stamp)
    );
  });
}

/** Texts of a language are said and heard where it is spoken; English stands in where another has none. */
function byPrompts(edits: Edits, { scenario }: EvalCase, stamp: VariantStamp): boolean {
  const model = stamp.responders.some((responder) => responder.model !== undefined);
  return edits.prompts.some(({ id, variant }) => {
    if (variant !== stamp.id) return false;
    const language = /^probes\/(.+)$/.exec(id)?.[1];
    return language === undefined ? model : language === 'en' || scenario.language !== 'en';
  });
}

/** Evidence of a signal, or in a group, that is worth something else now. */
function byWeights({ weights }: Edits, { record }: EvalCall, { weights: { content } }: RunStamp): boolean {
  if (weights.length === 0) return false;
  const trail = record?.trail;
  if (trail === undefined) return true;
  const signalsOf = (group: string | undefined): string[] =>
    Object.entries(content.signals).flatMap(([name, signal]) => (signal.group === group ? [name] : []));
  const seen = new Set(trail.split(/[\s/]/));
  const hasAny = (signal: string): boolean => [...seen].some((one) => one.startsWith(`${signal}=`));
  return weights.some(({ name }) => {
    const [signal = '', level] = name.split(' ');
    if (signal === 'group') return signalsOf(level).some(hasAny);
    return level === undefined || level === 'group' ? hasAny(signal) : seen.has(`${signal}=${level}`);
  });
}

/** A threshold that the call would meet at another moment. */
function byThresholds(edits: Edits, { record }: EvalCall, stamp: VariantStamp, { weights }: RunStamp): boolean {
  const own = edits.thresholds.filter(({ variant, name }) => variant === stamp.id && name !== 'preset');
  if (own.length === 0) return false;
  if (record === null || own.some(({ name }) => name === 'prior')) return true;
  const call = { decision: record.decision, category: record.category, trail: record.trail ?? null };
  const to = { weights: weights.content, priorPoints: stamp.priorPoints, thresholds: stamp.thresholds };
  // Where the configuration has actions of its own, the trail differs from these, and the call is played again.
  return rescore(call, { ...to, actions: DEFAULT_ACTIONS }).result !== 'same';
}
