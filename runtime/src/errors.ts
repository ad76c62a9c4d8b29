/** gRPC status names that the server answers with. */
export type GrpcStatusName =
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'FAILED_PRECONDITION'
  | 'RESOURCE_EXHAUSTED'
  | 'UNAVAILABLE'
  | 'UNIMPLEMENTED'
  | 'INTERNAL';

/** A request that cannot be answered as asked. `code` is stable and documented in docs/server.md. */
export class ServingError extends Error {
  constructor(
    readonly code: string,
    readonly httpStatus: number,
    readonly grpcStatus: GrpcStatusName,
    message: string,
  ) {
    super(message);
    this.name = 'ServingError';
  }
}

/** Every code of the catalogue, filled by `define`. */
const codes: string[] = [];

function define<A extends readonly unknown[]>(
  code: string,
  httpStatus: number,
  grpcStatus: GrpcStatusName,
  message: (...values: A) => string,
): (...values: A) => ServingError {
  codes.push(code);
  return (...values) => new ServingError(code, httpStatus, grpcStatus, message(...values));
}

/** The one catalogue of errors that callers see. A code is never reused for another meaning. */
export const errors = {
  // The request as a whole.
  bodyNotJson: define(
    'BODY_NOT_JSON',
    400,
    'INVALID_ARGUMENT',
    (detail: string) => `The body is not valid JSON: ${detail}`,
  ),
  fieldInvalid: define(
    'FIELD_INVALID',
    400,
    'INVALID_ARGUMENT',
    (field: string, received: string, expected: string) =>
      `Field "${field}": expected ${expected}, received ${received}`,
  ),
  headerInvalid: define(
    'HEADER_INVALID',
    400,
    'INVALID_ARGUMENT',
    (header: string, received: string, expected: string) =>
      `Header "${header}": expected ${expected}, received ${received}`,
  ),
  bodyTruncated: define(
    'BODY_TRUNCATED',
    400,
    'INVALID_ARGUMENT',
    () => 'The connection ended before the whole body arrived',
  ),
  bodyNotDecodable: define(
    'BODY_NOT_DECODABLE',
    400,
    'INVALID_ARGUMENT',
    (encoding: string) => `The body is not valid ${encoding} data, as its Content-Encoding says`,
  ),
  binaryUnclaimed: define(
    'BINARY_UNCLAIMED',
    400,
    'INVALID_ARGUMENT',
    (left: number) =>
      `${left} bytes of binary tensor data follow the last input; the inputs' "binary_data_size" must add up to the whole of it`,
  ),
  parameterUnsupported: define(
    'PARAMETER_UNSUPPORTED',
    400,
    'INVALID_ARGUMENT',
    (parameter: string, advice: string) => `Parameter "${parameter}" is not supported; ${advice}`,
  ),
  contentsMixed: define(
    'CONTENTS_MIXED',
    400,
    'INVALID_ARGUMENT',
    (detail: string) =>
      `A request carries its tensors either all in raw_input_contents or all in their contents field: ${detail}`,
  ),
  bodyTooLarge: define(
    'BODY_TOO_LARGE',
    413,
    'RESOURCE_EXHAUSTED',
    (limit: number) => `The body is larger than ${limit} bytes, the server's "maxRequestBytes"`,
  ),
  contentTypeUnsupported: define(
    'CONTENT_TYPE_UNSUPPORTED',
    415,
    'INVALID_ARGUMENT',
    (received: string) =>
      `Content-Type "${received}" is not supported; send application/json, or application/octet-stream with the header inference-header-content-length`,
  ),
  contentEncodingUnsupported: define(
    'CONTENT_ENCODING_UNSUPPORTED',
    415,
    'INVALID_ARGUMENT',
    (received: string) =>
      `Content-Encoding "${received}" is not supported; send gzip, deflate or identity`,
  ),
  routeUnknown: define(
    'ROUTE_UNKNOWN',
    404,
    'NOT_FOUND',
    (method: string, path: string) =>
      `No route answers ${method} ${path}; GET /v2 describes the server`,
  ),
  methodNotAllowed: define(
    'METHOD_NOT_ALLOWED',
    405,
    'INVALID_ARGUMENT',
    (method: string, path: string, allowed: string) =>
      `${path} does not answer ${method}; use ${allowed}`,
  ),

  // Which model.
  modelUnknown: define(
    'MODEL_UNKNOWN',
    404,
    'NOT_FOUND',
    (model: string) => `Model "${model}" is not known; POST /v2/repository/index lists what is`,
  ),
  versionUnknown: define(
    'VERSION_UNKNOWN',
    404,
    'NOT_FOUND',
    (model: string, version: string, served: string) =>
      `Model "${model}" has no version "${version}"; it serves ${served}`,
  ),
  modelNotReady: define(
    'MODEL_NOT_READY',
    503,
    'UNAVAILABLE',
    (model: string, reason: string) => `Model "${model}" is not ready: ${reason}`,
  ),
  serverStopping: define(
    'SERVER_STOPPING',
    503,
    'UNAVAILABLE',
    () => 'The server is stopping; send the request to another one',
  ),

  // Tensors against the model's signature.
  inputUnknown: define(
    'INPUT_UNKNOWN',
    400,
    'INVALID_ARGUMENT',
    (name: string, model: string, expected: string) =>
      `Input "${name}" is not one of model "${model}", which takes ${expected}`,
  ),
  inputMissing: define(
    'INPUT_MISSING',
    400,
    'INVALID_ARGUMENT',
    (name: string, datatype: string, shape: string) =>
      `Input "${name}" is missing; expected ${datatype} ${shape}`,
  ),
  inputDuplicate: define(
    'INPUT_DUPLICATE',
    400,
    'INVALID_ARGUMENT',
    (name: string) => `Input "${name}" stands twice`,
  ),
  outputUnknown: define(
    'OUTPUT_UNKNOWN',
    400,
    'INVALID_ARGUMENT',
    (name: string, model: string, expected: string) =>
      `Output "${name}" is not one of model "${model}", which gives ${expected}`,
  ),
  outputDuplicate: define(
    'OUTPUT_DUPLICATE',
    400,
    'INVALID_ARGUMENT',
    (name: string) => `Output "${name}" is asked for twice`,
  ),
  datatypeMismatch: define(
    'DATATYPE_MISMATCH',
    400,
    'INVALID_ARGUMENT',
    (name: string, received: string, expected: string) =>
      `Input "${name}" has datatype ${received}; expected ${expected}`,
  ),
  shapeMismatch: define(
    'SHAPE_MISMATCH',
    400,
    'INVALID_ARGUMENT',
    (name: string, received: string, expected: string) =>
      `Input "${name}" has shape ${received}; expected ${expected}`,
  ),
  shapeInvalid: define(
    'SHAPE_INVALID',
    400,
    'INVALID_ARGUMENT',
    (name: string, received: string, why: string) =>
      `Input "${name}" has shape ${received}, but ${why}`,
  ),
  batchTooLarge: define(
    'BATCH_TOO_LARGE',
    400,
    'INVALID_ARGUMENT',
    (name: string, batch: number, limit: number) =>
      `Input "${name}" carries a batch of ${batch}; the model's max_batch_size is ${limit}`,
  ),
  dataMissing: define(
    'DATA_MISSING',
    400,
    'INVALID_ARGUMENT',
    (name: string) => `Input "${name}" carries no data`,
  ),
  elementCount: define(
    'ELEMENT_COUNT',
    400,
    'INVALID_ARGUMENT',
    (name: string, received: number, expected: number) =>
      `Input "${name}" carries ${received} elements; its shape needs ${expected}`,
  ),
  nestingMismatch: define(
    'NESTING_MISMATCH',
    400,
    'INVALID_ARGUMENT',
    (name: string, at: string, received: string, expected: string) =>
      `Input "${name}": data${at} is ${received}; expected ${expected}`,
  ),
  byteLength: define(
    'BYTE_LENGTH',
    400,
    'INVALID_ARGUMENT',
    (name: string, received: number, expected: number, what: string) =>
      `Input "${name}" carries ${received} bytes; ${what} needs ${expected}`,
  ),
  bytesMalformed: define(
    'BYTES_MALFORMED',
    400,
    'INVALID_ARGUMENT',
    (name: string, index: number, why: string) => `Input "${name}": element ${index} ${why}`,
  ),
  valueInvalid: define(
    'VALUE_INVALID',
    400,
    'INVALID_ARGUMENT',
    (name: string, index: number, received: string, expected: string) =>
      `Input "${name}": element ${index} is ${received}; expected ${expected}`,
  ),
  outputNotJson: define(
    'OUTPUT_NOT_JSON',
    406,
    'INVALID_ARGUMENT',
    (name: string) =>
      `Output "${name}" holds NaN or an infinity, which JSON cannot say; ask for it with "binary_data": true, or over gRPC`,
  ),

  // The repository.
  controlNotExplicit: define(
    'CONTROL_NOT_EXPLICIT',
    400,
    'FAILED_PRECONDITION',
    (mode: string) =>
      `Loading and unloading need --model-control-mode explicit; this server runs with ${mode}`,
  ),
  loadFailed: define(
    'LOAD_FAILED',
    400,
    'FAILED_PRECONDITION',
    (model: string, reasons: string) => `Model "${model}" did not load: ${reasons}`,
  ),

  // Ours.
  engineFailed: define(
    'ENGINE_FAILED',
    500,
    'INTERNAL',
    (model: string, detail: string) => `Model "${model}" failed to run: ${detail}`,
  ),
  internal: define(
    'INTERNAL',
    500,
    'INTERNAL',
    () => 'The server failed to answer; its log says why',
  ),
} as const;

export const errorCodes: readonly string[] = codes;

/** What any thrown value is to a caller: itself if it is ours, a fault of the server otherwise. */
export function asServingError(thrown: unknown): ServingError {
  return thrown instanceof ServingError ? thrown : errors.internal();
}
