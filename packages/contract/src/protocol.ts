/** Headers of the protocol and of this server, in lower case as Node.js gives them. */
export const headers = {
  /** Length of the JSON part of a body that carries binary tensors. Triton's binary tensor extension. */
  inferenceHeaderContentLength: 'inference-header-content-length',
  /**
   * Milliseconds that a proxy waits for the answer. Source: Envoy, "Router", x-envoy-expected-rq-timeout-ms;
   * read 2026-11.
   */
  expectedTimeout: 'x-envoy-expected-rq-timeout-ms',
  /** W3C Trace Context. */
  traceparent: 'traceparent',
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
