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
