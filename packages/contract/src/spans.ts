/** Spans that the server records where a traces endpoint is configured. */
export const spans = {
  /** One request, from the first byte to the reply. A child of the caller's span. */
  request: 'inference.request',
  /** The wait for a free worker. */
  queue: 'inference.queue',
  /** The run of the engine, as the request saw it; linked to its batch. */
  compute: 'inference.compute',
  /** One run of the engine, of one request or of several; linked to the requests. */
  batch: 'inference.batch',
  /** One explanation, from the first byte to the reply. A child of the caller's span. */
  explain: 'inference.explain',
} as const;

/** Attributes of those spans. Tensor values never stand in one: they may be personal data. */
export const spanAttributes = {
  model: 'manara.model.name',
  version: 'manara.model.version',
  /** Rows. */
  batchSize: 'manara.batch.size',
  /** Requests that shared a run. */
  batchRequests: 'manara.batch.requests',
  /** How an explanation was made. */
  explainMethod: 'manara.explain.method',
  /** Rows that it ran through the engine. */
  explainEvaluations: 'manara.explain.evaluations',
  /** `http` or `grpc`; OpenTelemetry's semantic conventions. */
  protocol: 'network.protocol.name',
} as const;
