/** Values of series, in promtool's notation, that fire an alert or leave it quiet. */
export interface AlertCase {
  readonly fires: Readonly<Record<string, string>>;
  readonly quiet: Readonly<Record<string, string>>;
  /** When it has fired, or would have. */
  readonly at: string;
  /** Minutes between samples; long windows take fewer. @default 1 */
  readonly everyMinutes?: number;
}

const of = 'namespace="bank",site="dubai",job="fraud",pod="a"';
const model = `${of},model="fraud",version="2"`;
const collector = 'namespace="bank",site="dubai",job="observability-collector",pod="c"';

const success = `nv_inference_request_success{${model}}`;
const failure = (reason: string): string =>
  `nv_inference_request_failure{${model},reason="${reason}"}`;
const times = (le: string): string =>
  `manara_request_duration_seconds_bucket{${model},protocol="http",le="${le}"}`;
/** A counter that grows so much from sample to sample, some hundred times. */
const grows = (by: number, samples: number, from = 0): string => `${from}+${by}x${samples}`;

/** Requests of which a share fails. @param share of the server's own faults */
function failing(share: number, samples: number, perSample = 6000): Record<string, string> {
  return {
    [success]: grows(perSample * (1 - share), samples),
    [failure('BACKEND')]: grows(perSample * share, samples),
    // A caller's own mistakes, and callers who leave, count against nobody.
    [failure('OTHER')]: grows(perSample, samples),
    [failure('CANCELED')]: grows(perSample, samples),
  };
}

function slow(share: number, samples: number, perSample = 6000): Record<string, string> {
  return {
    [times('0.08')]: grows(perSample * (1 - share), samples),
    [times('+Inf')]: grows(perSample, samples),
    // A job has no latency to keep.
    [times('0.08').replace('http', 'job')]: grows(0, samples),
    [times('+Inf').replace('http', 'job')]: grows(perSample, samples),
  };
}

function histogram(
  metric: string,
  labels: string,
  within: number,
  samples: number,
): Record<string, string> {
  return {
    [`${metric}_bucket{${labels},le="0.025"}`]: grows(6000 * within, samples),
    [`${metric}_bucket{${labels},le="0.1"}`]: grows(6000, samples),
    [`${metric}_bucket{${labels},le="+Inf"}`]: grows(6000, samples),
  };
}

function outcomes(rightShare: number, lastDay: number): Record<string, string> {
  const variant = `${model},variant="control"`;
  // Ten minutes a sample: seven days and then one.
  const [before, after] = [7 * 144, 200];
  const series = (match: string, share: number, then: number): [string, string] => [
    `manara_variant_outcomes_total{${variant},match="${match}"}`,
    `0+${100 * share}x${before} ${100 * share * before}+${100 * then}x${after}`,
  ];
  return Object.fromEntries([
    series('true', rightShare, lastDay),
    series('false', 1 - rightShare, 1 - lastDay),
  ]);
}

const blocked = (cluster: string): string =>
  `istio_requests_total{reporter="source",source_workload="fraud",source_workload_namespace="bank",destination_service_name="${cluster}"}`;

/** What fires each alert of the tree of `watched.ts`, and what does not. */
export const alertCases: Readonly<Record<string, AlertCase>> = {
  // Two in a hundred fail for over an hour; half of one in a hundred, or a handful of requests, is no alarm.
  ManaraAvailabilityFastBurn: { fires: failing(0.02, 120), quiet: failing(0.005, 120), at: '90m' },
  ManaraAvailabilitySlowBurn: { fires: failing(0.01, 480), quiet: failing(0.004, 480), at: '7h' },
  ManaraAvailabilityBudgetDrain: {
    fires: failing(0.002, 720, 60_000),
    quiet: failing(0.0005, 720, 60_000),
    at: '100h',
    everyMinutes: 10,
  },
  ManaraLatencyFastBurn: { fires: slow(0.2, 120), quiet: slow(0.1, 120), at: '90m' },
  ManaraLatencySlowBurn: { fires: slow(0.08, 480), quiet: slow(0.04, 480), at: '7h' },
  ManaraLatencyBudgetDrain: {
    fires: slow(0.02, 720, 60_000),
    quiet: slow(0.005, 720, 60_000),
    at: '100h',
    everyMinutes: 10,
  },
  ManaraEndpointDown: {
    fires: { [`manara_model_ready{${model}}`]: '1x10 0x30' },
    quiet: {
      [`manara_model_ready{${model}}`]: '1x10 0x30',
      // Another server still has it.
      [`manara_model_ready{${model.replace('"a"', '"b"')}}`]: '1x40',
    },
    at: '20m',
  },
  ManaraVersionNotReady: {
    fires: { [`manara_model_ready{${model}}`]: '0x60' },
    quiet: { [`manara_model_ready{${model}}`]: '1x60' },
    at: '30m',
  },
  ManaraThreadsBusy: {
    fires: {
      [`manara_engine_busy_seconds_total{${model},thread="inference"}`]: grows(114, 60),
      [`manara_inference_threads{${of}}`]: '2x60',
    },
    quiet: {
      [`manara_engine_busy_seconds_total{${model},thread="inference"}`]: grows(90, 60),
      // Time on the I/O thread takes no inference thread.
      [`manara_engine_busy_seconds_total{${model},thread="io"}`]: grows(60, 60),
      [`manara_inference_threads{${of}}`]: '2x60',
    },
    at: '40m',
  },
  ManaraQueueSlow: {
    fires: histogram('manara_queue_seconds', model, 0.9, 60),
    quiet: histogram('manara_queue_seconds', model, 1, 60),
    at: '30m',
  },
  ManaraRequestsRefused: {
    fires: { [success]: grows(5880, 60), [failure('REJECTED')]: grows(120, 60) },
    quiet: { [success]: grows(5970, 60), [failure('REJECTED')]: grows(30, 60) },
    at: '20m',
  },
  ManaraServerLate: {
    fires: histogram('manara_event_loop_delay_seconds', of, 0.9, 60),
    quiet: histogram('manara_event_loop_delay_seconds', of, 1, 60),
    at: '40m',
  },
  ManaraVariantShares: {
    fires: { [`manara_variant_sample_ratio_p{${of},model="fraud"}`]: '0.0001x90' },
    quiet: { [`manara_variant_sample_ratio_p{${of},model="fraud"}`]: '0.2x90' },
    at: '60m',
  },
  ManaraModelQuality: {
    fires: outcomes(0.9, 0.85),
    quiet: outcomes(0.9, 0.9),
    at: '192h',
    everyMinutes: 10,
  },
  ManaraExposuresLost: {
    fires: { [`manara_exposures_dropped_total{${of}}`]: grows(1, 90) },
    quiet: { [`manara_exposures_dropped_total{${of}}`]: '5x90' },
    at: '60m',
  },
  ManaraDegradedAnswers: {
    fires: {
      [success]: grows(6000, 60),
      [`manara_degraded_answers_total{${model},by="static"}`]: grows(120, 60),
    },
    quiet: {
      [success]: grows(6000, 60),
      [`manara_degraded_answers_total{${model},by="static"}`]: grows(30, 60),
    },
    at: '30m',
  },
  ManaraStaleAnswers: {
    fires: { [`manara_degraded_answers_total{${model},by="cached"}`]: grows(1, 90) },
    quiet: {
      [`manara_degraded_answers_total{${model},by="cached"}`]: '7x90',
      [`manara_degraded_answers_total{${model},by="model"}`]: grows(1, 90),
    },
    at: '60m',
  },
  ManaraUnservedNames: {
    fires: { [`manara_unserved_names{${of}}`]: '2x60' },
    quiet: { [`manara_unserved_names{${of}}`]: '0x60' },
    at: '40m',
  },
  // One request, the first of all, is enough; what another namespace does is not this site's.
  ManaraEgressBlocked: {
    fires: { [blocked('BlackHoleCluster')]: '_x20 1x20' },
    quiet: {
      [blocked('PassthroughCluster')]: '_x20 1x20',
      [blocked('BlackHoleCluster').replace('"bank"', '"other"')]: '_x20 1x20',
    },
    at: '25m',
  },
  ManaraEgressUndeclared: {
    fires: { [blocked('PassthroughCluster')]: '1x20 2x20' },
    quiet: { [blocked('PassthroughCluster')]: '1x40', [blocked('BlackHoleCluster')]: '_x20 1x20' },
    at: '25m',
  },
  ManaraCollectorDown: {
    fires: { [`up{${collector}}`]: '1x5 0x30' },
    quiet: { [`up{${collector}}`]: '1x5 0x30', [`up{${collector.replace('"c"', '"d"')}}`]: '1x40' },
    at: '20m',
  },
  ManaraCollectorRefuses: {
    fires: { [`otelcol_receiver_refused_spans{${collector}}`]: grows(1, 60) },
    quiet: { [`otelcol_receiver_refused_spans{${collector}}`]: '9x60' },
    at: '30m',
  },
  ManaraCollectorLoses: {
    fires: { [`otelcol_exporter_enqueue_failed_spans{${collector}}`]: grows(1, 60) },
    quiet: { [`otelcol_exporter_send_failed_spans{${collector}}`]: '9x60' },
    at: '30m',
  },
  ManaraCollectorQueueFull: {
    fires: {
      [`otelcol_exporter_queue_size{${collector},exporter="otlp_http/traces"}`]: '90x60',
      [`otelcol_exporter_queue_capacity{${collector},exporter="otlp_http/traces"}`]: '100x60',
    },
    quiet: {
      [`otelcol_exporter_queue_size{${collector},exporter="otlp_http/traces"}`]: '60x60',
      [`otelcol_exporter_queue_capacity{${collector},exporter="otlp_http/traces"}`]: '100x60',
    },
    at: '30m',
  },
};
