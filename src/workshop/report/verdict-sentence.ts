import type { ReportInput } from './report-input.ts';
import { count, figure } from './words.ts';

/** Whether a run may stand: its gates; without gates, that no person was cut and no call failed. */
export function standing({ run: { run }, summary }: ReportInput): 'passed' | 'failed' | 'no gates' {
  if (run.gates.some(({ passed }) => !passed)) return 'failed';
  if (run.gates.length > 0) return 'passed';
  return summary.people.cut > 0 || summary.wrong.failed > 0 ? 'failed' : 'no gates';
}

/** One or two sentences: gates, people cut off, machines caught. */
export function verdictSentence({ run: { run }, summary }: ReportInput): string {
  const failed = run.gates.filter(({ passed }) => !passed).length;
  const gates =
    run.gates.length === 0
      ? 'No gates were set'
      : failed === 0
        ? `${run.gates.length === 1 ? 'The gate' : `All ${run.gates.length} gates`} passed`
        : `${failed} of ${count(run.gates.length, 'gate')} failed`;
  const { people, machines } = summary;
  const cut =
    people.calls === 0
      ? 'There were no callers to serve'
      : `${people.cut || 'None'} of ${people.calls} people ${people.cut > 1 ? 'were' : 'was'} cut off`;
  const median = machines.medianS === null ? '' : `, after ${figure(machines.medianS, 1)} s in the median`;
  const caught =
    machines.calls === 0
      ? 'there was nobody to hang up on'
      : `${machines.caught} of ${machines.calls} machines ${machines.caught === 1 ? 'was' : 'were'} hung up on${median}`;
  return `${gates}. ${cut}; ${caught}.`;
}

/** What a reader must know before believing the numbers; empty when there is nothing. */
export function caveats({ run: { run, calls }, summary }: ReportInput): string[] {
  const found: string[] = [];
  if (run.finishedAt === null || calls.length < run.cases) {
    found.push(`This run is not complete: ${calls.length} of ${count(run.cases, 'call')} were played.`);
  }
  if (summary.unrecorded > 0) {
    found.push(`${count(summary.unrecorded, 'call')} had no recorded answers of their model and count nowhere.`);
  }
  if (summary.noLongerMissed.length > 0) {
    found.push(`${count(summary.noLongerMissed.length, 'known miss', 'known misses')} came out as expected now.`);
  }
  return found;
}
