/** Headers of the protocol and of this server, in lower case as Node.js gives them. */
export const headers = {
  /** Length of the JSON part of a body that carries binary tensors. Triton's binary tensor extension. */
  inferenceHeaderContentLength: 'inference-header-content-length',
  /** W3C Trace Context. */
  traceparent: 'traceparent',
  tracestate: 'tracestate',
} as const;

/** Protocol extensions that the server answers, as `GET /v2` lists them. */
export const extensions = [
  'binary_tensor_data',
  'model_configuration',
  'model_repository',
  'model_repository(unload_dependents)',
  'statistics',
] as const;

/** Full name of the gRPC service. */
export const grpcService = 'inference.GRPCInferenceService';

/** `platform` of an ONNX model in model metadata; Triton's name for it. */
export const onnxPlatform = 'onnxruntime_onnx';
