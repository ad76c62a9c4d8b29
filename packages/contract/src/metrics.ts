/**
 * Prometheus metrics of the server. The `nv_` names are Triton's, so that its dashboards and
 * autoscaling rules work unchanged; labels `model` and `version` likewise.
 * Source: Triton Inference Server, "Metrics"; read 2026-11.
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
} as const;

/** `reason` of a failed request. Source: Triton's nv_inference_request_failure; read 2026-11. */
export type FailureReason = 'REJECTED' | 'CANCELED' | 'BACKEND' | 'OTHER';

export interface Metric {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
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
