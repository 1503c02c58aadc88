import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Counters of one guard. Labels hold only words of ours, never anything a caller or a URL said. */
export function createMetrics(withProcess = true) {
  const registry = new Registry();
  if (withProcess) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    refused: new Counter({
      name: 'hangup_guard_refused_total',
      help: 'What was refused, by reason: upgrades, frames, sockets.',
      labelNames: ['what', 'reason'],
      registers,
    }),
    calls: new Counter({
      name: 'hangup_guard_calls_total',
      help: 'Calls ended, by outcome, decision and category.',
      labelNames: ['outcome', 'decision', 'category'],
      registers,
    }),
    live: new Gauge({ name: 'hangup_guard_live_calls', help: 'Calls that are open now.', registers }),
    sockets: new Counter({ name: 'hangup_guard_sockets_total', help: 'Sockets taken.', registers }),
    frames: new Counter({ name: 'hangup_guard_frames_total', help: 'Frames read.', registers }),
    keptBack: new Counter({
      name: 'hangup_guard_relay_kept_back_total',
      help: 'Frames of the server behind the guard that would have undone what the guard said.',
      registers,
    }),
    providers: new Counter({
      name: 'hangup_guard_provider_requests_total',
      help: 'Requests to models, by responder and outcome: answered, failed, late, skipped.',
      labelNames: ['provider', 'outcome'],
      registers,
    }),
    classifications: new Counter({
      name: 'hangup_guard_classifications_total',
      help: 'Questions to the LLM classifier, by result.',
      labelNames: ['result'],
      registers,
    }),
    rungs: new Counter({ name: 'hangup_guard_rungs_total', help: 'Rungs entered.', labelNames: ['rung'], registers }),
    probes: new Counter({
      name: 'hangup_guard_probes_total',
      help: 'Probes and closing sentences, by how they were answered.',
      labelNames: ['kind', 'result'],
      registers,
    }),
    faults: new Counter({
      name: 'hangup_guard_faults_total',
      help: 'What did not work.',
      labelNames: ['what'],
      registers,
    }),
    savedSeconds: new Counter({
      name: 'hangup_guard_saved_seconds_total',
      help: 'Estimated seconds saved.',
      registers,
    }),
    addedMs: new Histogram({
      name: 'hangup_guard_added_ms',
      help: 'Milliseconds from a turn request to the request to the responder.',
      buckets: [0.1, 0.25, 0.5, 1, 2, 5, 10, 50],
      registers,
    }),
    firstPieceMs: new Histogram({
      name: 'hangup_guard_first_piece_ms',
      help: 'Milliseconds from a turn request to the first piece of the reply.',
      buckets: [50, 100, 200, 400, 800, 1_600, 3_500, 8_000],
      registers,
    }),
  };
}
export type Metrics = ReturnType<typeof createMetrics>;
