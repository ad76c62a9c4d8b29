/** Headers of the protocol and of this server, in lower case as Node.js gives them. */
export const headers = {
  /** Length of the JSON part of a body that carries binary tensors. Triton's binary tensor extension. */
  inferenceHeaderContentLength: 'inference-header-content-length',
  /**
   * Milliseconds that a proxy waits for the answer. Source: Envoy, "Router", x-envoy-expected-rq-timeout-ms;
   * read 2026-11.
   */
  expectedTimeout: 'x-envoy-expected-rq-timeout-ms',
  /** Preferences of the caller: `respond-async`. Source: RFC 7240. */
  prefer: 'prefer',
  preferenceApplied: 'preference-applied',
  /** Key of a request that may be sent twice. Source: draft-ietf-httpapi-idempotency-key-header. */
  idempotencyKey: 'idempotency-key',
  /** `true` on an answer that an earlier request of the same key was given. */
  idempotencyReplayed: 'idempotency-replayed',
  /** Where the event goes that tells of a job's end. */
  jobCallback: 'job-callback',
  /** W3C Trace Context. */
  traceparent: 'traceparent',
  tracestate: 'tracestate',
  /** Number of the version that a request is to be answered by, where `routes` of an endpoint lead it. */
  version: 'x-manara-version',
  /** Name of the variant that a request was given. */
  variant: 'x-manara-variant',
  /** What answered in place of the model that was asked. */
  degraded: 'x-degraded',
} as const;

/** Protocol extensions that the server answers, as `GET /v2` lists them. */
export const extensions = [
  'binary_tensor_data',
  'explain',
  'model_configuration',
  'model_repository',
  'model_repository(unload_dependents)',
  'statistics',
] as const;

/** Full name of the gRPC service. */
export const grpcService = 'inference.GRPCInferenceService';

/** Full name of the gRPC service of explanations, which the protocol has none for. */
export const explanationService = 'manara.v1.Explanation';

/** `platform` of an ONNX model in model metadata; Triton's name for it. */
export const onnxPlatform = 'onnxruntime_onnx';
