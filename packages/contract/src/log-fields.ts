/**
 * Fields of the server's log lines (JSON, one a line), besides pino's `level`, `time` and `msg`.
 * Tensor values, headers and addresses of callers never stand in one: they may be personal data.
 */
export const logFields = {
  /** What happened, from a closed list: the name to alert on. */
  event: 'event',
  model: 'model',
  version: 'version',
  protocol: 'protocol',
  /** HTTP status, or gRPC status name. */
  status: 'status',
  durationMicros: 'duration_us',
  traceId: 'trace_id',
  /** Who asked, as identity names callers. Audit lines. */
  caller: 'caller',
  /** What a rule has to allow for it. Audit lines. */
  verb: 'verb',
  /** Name of the route or of the gRPC method. Audit lines. */
  action: 'action',
  /** What it came to. Audit lines. */
  outcome: 'outcome',
  error: 'error',
  /** Where weights come from, without credentials and query. Fetch mode. */
  uri: 'uri',
  /** Bytes received so far, or in all. Fetch mode. */
  bytes: 'bytes',
  /** Bytes that the source announced. Fetch mode. */
  totalBytes: 'total_bytes',
  /** Number of the try that failed, from 1. Fetch mode. */
  attempt: 'attempt',
} as const;
