/**
 * Prometheus metrics of the server. The `nv_` names are Triton's, so that its dashboards and
 * autoscaling rules work unchanged; labels `model` and `version` likewise.
 * Source: Triton Inference Server, "Metrics", "Response Cache Metrics"; read 2026-11.
 * `request_explain_seconds` with `model_name` is KServe's (python/kserve/kserve/metrics.py; read 2026-11).
 */
export const metrics = {
  requestSuccess: counter('nv_inference_request_success', 'Requests answered', modelLabels()),
  requestFailure: counter('nv_inference_request_failure', 'Requests refused or failed', [
    ...modelLabels(),
    'reason',
  ]),
  inferenceCount: counter(
    'nv_inference_count',
    'Inferences, a batch of n counting n',
    modelLabels(),
  ),
  executionCount: counter('nv_inference_exec_count', 'Runs of the engine', modelLabels()),
  requestDuration: counter(
    'nv_inference_request_duration_us',
    'Cumulative time of requests, receive to reply, in microseconds',
    modelLabels(),
  ),
  queueDuration: counter(
    'nv_inference_queue_duration_us',
    'Cumulative time waiting for a worker, in microseconds',
    modelLabels(),
  ),
  computeDuration: counter(
    'nv_inference_compute_infer_duration_us',
    'Cumulative time inside the engine, in microseconds',
    modelLabels(),
  ),
  pending: gauge(
    'nv_inference_pending_request_count',
    'Requests accepted and not yet handed to the engine',
    modelLabels(),
  ),
  requestSeconds: histogram(
    'manara_request_duration_seconds',
    'Time of requests, receive to reply, in seconds',
    [...modelLabels(), 'protocol'],
  ),
  batchRows: histogram('manara_batch_rows', 'Rows of each run of the engine', modelLabels()),
  queueSeconds: histogram(
    'manara_queue_seconds',
    'Time that requests waited for their run, in seconds',
    modelLabels(),
  ),
  predictSeconds: histogram(
    'request_predict_seconds',
    "Time that requests waited for their run and had it, in seconds. KServe's name",
    ['model_name'],
  ),
  engineBusy: counter('manara_engine_busy_seconds_total', 'Time inside the engine, in seconds', [
    ...modelLabels(),
    'thread',
  ]),
  inferenceThreads: gauge('manara_inference_threads', 'Inference threads', []),
  eventLoopDelay: histogram(
    'manara_event_loop_delay_seconds',
    'How late the I/O thread was to look at what came in, in seconds',
    [],
  ),
  residentMemory: gauge(
    'process_resident_memory_bytes',
    'Resident memory of the process, in bytes',
    [],
  ),
  cpuSeconds: counter('process_cpu_seconds_total', 'CPU time of the process, in seconds', []),
  explainSeconds: histogram(
    'request_explain_seconds',
    'Time of explanations, receive to reply, in seconds',
    [...modelLabels(), 'model_name'],
  ),
  explainFailure: counter('manara_explain_failure', 'Explanations refused or failed', [
    ...modelLabels(),
    'reason',
  ]),
  explainEvaluations: counter(
    'manara_explain_evaluations',
    'Rows that explanations ran through the engine',
    modelLabels(),
  ),
  modelReady: gauge('manara_model_ready', '1 where a version answers requests', modelLabels()),
  accessRefused: counter(
    'manara_access_refused_total',
    'Requests that identity, rules or limits did not let through, by error code',
    ['code', 'verb'],
  ),
  ready: gauge('manara_server_ready', '1 where the server is ready', []),
  cacheHits: counter(
    'nv_cache_num_hits_per_model',
    'Requests answered without a run of their own: from the cache, or with an equal one under way',
    modelLabels(),
  ),
  cacheMisses: counter(
    'nv_cache_num_misses_per_model',
    'Requests looked up in the cache, and run',
    modelLabels(),
  ),
  cacheBytes: gauge('manara_cache_bytes', 'Memory that kept answers take', []),
  cacheFailures: counter(
    'manara_cache_failures_total',
    'Reads and writes of the cache that Redis did not answer, or answered with what is no answer of ours',
    [],
  ),
  degraded: counter(
    'manara_degraded_answers_total',
    'Requests that something else answered in place of the model; by is model, cached or static',
    [...modelLabels(), 'by'],
  ),
  variantRequests: counter(
    'manara_variant_requests_total',
    'Requests that were given a variant, and answered',
    variantLabels(),
  ),
  variantFeedback: counter(
    'manara_variant_feedback_total',
    'Outcomes that were reported and joined to a prediction',
    variantLabels(),
  ),
  variantReward: gauge(
    'manara_variant_reward_sum',
    'Sum of the rewards that were reported',
    variantLabels(),
  ),
  variantOutcomes: counter(
    'manara_variant_outcomes_total',
    'Outcomes that were compared with their prediction; match is true where it was right',
    [...variantLabels(), 'match'],
  ),
  variantSampleRatio: gauge(
    'manara_variant_sample_ratio_p',
    'Probability of shares as far from the weights as those seen, by chance: below 0.001 the draw, or what is counted, is at fault',
    ['model'],
  ),
  unservedNames: gauge(
    'manara_unserved_names',
    'Models, versions and outputs that variants and fallbacks of the configuration name and that are not there',
    [],
  ),
  exposuresDropped: counter(
    'manara_exposures_dropped_total',
    'Exposure events that could not be written',
    [],
  ),
} as const;

/**
 * Bounds of the buckets of `requestSeconds`, in seconds: from the smallest tabular model to a slow one under
 * load.
 */
export const requestSecondsBounds: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** `reason` of a failed request. Source: Triton's nv_inference_request_failure; read 2026-11. */
export type FailureReason = 'REJECTED' | 'CANCELED' | 'BACKEND' | 'OTHER';

export interface Metric {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

function variantLabels(): string[] {
  return [...modelLabels(), 'variant'];
}

function modelLabels(): string[] {
  return ['model', 'version'];
}

function counter(name: string, help: string, labels: readonly string[]): Metric {
  return { kind: 'counter', name, help, labels };
}

function gauge(name: string, help: string, labels: readonly string[]): Metric {
  return { kind: 'gauge', name, help, labels };
}

function histogram(name: string, help: string, labels: readonly string[]): Metric {
  return { kind: 'histogram', name, help, labels };
}
