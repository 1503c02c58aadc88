import type { CallRecord } from '../records/record.ts';
import type { PlayResult } from './player/play-result.ts';

/**
 * What differs from what the scenario expects, one sentence each. From outside only the end, its moment and the
 * probes can be seen; with the guard's record of the call everything is compared.
 */
export function differences(result: PlayResult, record?: CallRecord): string[] {
  const { expect } = result;
  const found: string[] = [];
  if (result.endedBy === 'error' || result.endedBy === 'timeout') found.push(`the call failed: ${result.how}`);
  if (expect === undefined) return found;

  const hungUp = result.endedBy === 'agent';
  if (expect.decision === 'hang_up' && !hungUp) found.push('expected a hang-up, there was none');
  if (expect.decision === 'none' && hungUp && expect.outcome !== 'completed') {
    found.push(`hung up after ${seconds(result.callMs)} s, expected none`);
  }
  if (expect.outcome === 'transferred' && result.endedBy !== 'transfer') found.push('expected a transfer');
  if (expect.outcome !== undefined && record !== undefined && record.outcome !== expect.outcome) {
    found.push(`outcome ${record.outcome}, expected ${expect.outcome}`);
  }
  if (record !== undefined && record.decision !== expect.decision) {
    found.push(`decision ${record.decision}, expected ${expect.decision}`);
  }
  const categories = expect.category === undefined ? [] : [expect.category].flat();
  if (categories.length > 0 && record !== undefined && !categories.some((one) => one === record.category)) {
    found.push(`category ${record.category ?? 'none'}, expected ${categories.join(' or ')}`);
  }

  const turn = record?.decidedTurn ?? result.hangUpFrame?.turn;
  if (expect.latestTurn !== undefined && turn !== undefined && turn > expect.latestTurn) {
    found.push(`decided at caller turn ${turn}, expected by ${expect.latestTurn}`);
  }
  const decidedMs = record?.decidedCallMs ?? result.hangUpFrame?.atMs;
  if (expect.latestS !== undefined && decidedMs !== undefined && decidedMs > expect.latestS * 1_000) {
    found.push(`decided at ${seconds(decidedMs)} s, expected by ${expect.latestS} s`);
  }

  const probed = record === undefined ? result.probes.length > 0 : record.probes.length > 0;
  if (expect.probed !== undefined && expect.probed !== probed) {
    found.push(probed ? 'probed, expected not to be' : 'not probed, expected to be');
  }
  if (result.kind === 'person' && result.unanswered.length > 0) {
    found.push(`left without a reply at response ${result.unanswered.join(', ')}`);
  }
  if (record !== undefined) {
    const seen = new Set(record.evidence.flatMap(({ evidence }) => evidence.map(({ signal }) => signal)));
    for (const signal of expect.evidence ?? []) if (!seen.has(signal)) found.push(`no evidence of ${signal}`);
    for (const signal of expect.noEvidence ?? []) if (seen.has(signal)) found.push(`evidence of ${signal}`);
  }
  return found;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
