/** Spans that the server records where a traces endpoint is configured. */
export const spans = {
  /** One request, from the first byte to the reply. A child of the caller's span. */
  request: 'inference.request',
  /** The wait for a free worker. */
  queue: 'inference.queue',
  /** The run of the engine. */
  compute: 'inference.compute',
  /** One explanation, from the first byte to the reply. A child of the caller's span. */
  explain: 'inference.explain',
} as const;

/** Attributes of those spans. Tensor values never stand in one: they may be personal data. */
export const spanAttributes = {
  model: 'manara.model.name',
  version: 'manara.model.version',
  batchSize: 'manara.batch.size',
  /** How an explanation was made. */
  explainMethod: 'manara.explain.method',
  /** Rows that it ran through the engine. */
  explainEvaluations: 'manara.explain.evaluations',
  /** `http` or `grpc`; OpenTelemetry's semantic conventions. */
  protocol: 'network.protocol.name',
} as const;
