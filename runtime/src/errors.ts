/** gRPC status names that the server answers with. */
export type GrpcStatusName =
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'FAILED_PRECONDITION'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED'
  | 'RESOURCE_EXHAUSTED'
  | 'UNAVAILABLE'
  | 'CANCELLED'
  | 'DEADLINE_EXCEEDED'
  | 'UNIMPLEMENTED'
  | 'INTERNAL';

/**
 * Longest message, in UTF-16 units. Names that callers send are quoted in messages, and gRPC carries
 * a message in a header, where the worst text grows ninefold: some clients read 8 KB of headers only,
 * and Node.js refuses to send more than 64 KB without telling the client.
 */
const maxMessageLength = 800;

/** A request that cannot be answered as asked. `code` is stable and documented in docs/server.md. */
export class ServingError extends Error {
  constructor(
    readonly code: string,
    readonly httpStatus: number,
    readonly grpcStatus: GrpcStatusName,
    message: string,
    /** After which the same request may be answered. @default - nobody knows */
    readonly retryAfterSeconds?: number,
    /** What is said beside it, as headers or metadata; names in lower case. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    // Where it was thrown says nothing that its code does not, and to find out costs as much as refusing a
    // request does: under overload that is time taken from the engine.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(cut(message));
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'ServingError';
  }

  /** The same error with something said beside it. */
  saying(headers: Readonly<Record<string, string>>): ServingError {
    const { code, httpStatus, grpcStatus, message, retryAfterSeconds } = this;
    return new ServingError(code, httpStatus, grpcStatus, message, retryAfterSeconds, {
      ...this.headers,
      ...headers,
    });
  }
}

/** Keeps the beginning: of an engine's message, the log may hold only that. */
function cut(message: string): string {
  if (message.length <= maxMessageLength) return message;
  const note = ` … (cut; it had ${message.length} characters)`;
  const head = message.slice(0, maxMessageLength - note.length);
  // Half of a surrogate pair is no text.
  return head.replace(/[\uD800-\uDBFF]$/, '') + note;
}

/**
 * The same text with file paths cut to the file's name: where files lie is no business of callers.
 * ONNX Runtime's names of nodes look like paths too; they stand in parentheses, or after `Name:`.
 */
export function withoutFolders(text: string): string {
  return text.replace(
    /(?<=^|[\s"[=:]|(?<!Name:)')\/(?:[^\s/"'[\]():]*\/)*([^\s/"'[\]():]+)/g,
    '$1',
  );
}

/** When a store may be back, or have room again. */
const storeAgainSeconds = 5;

/** A code of the catalogue, and the status that it comes with over HTTP. */
export interface CatalogueEntry {
  readonly code: string;
  readonly httpStatus: number;
}

/** Every code of the catalogue, filled by `define`. */
const catalogue: CatalogueEntry[] = [];

function define<A extends readonly unknown[]>(
  code: string,
  httpStatus: number,
  grpcStatus: GrpcStatusName,
  message: (...values: A) => string,
  retryAfterSeconds?: (...values: A) => number,
): (...values: A) => ServingError {
  catalogue.push({ code, httpStatus });
  return (...values) =>
    new ServingError(
      code,
      httpStatus,
      grpcStatus,
      message(...values),
      retryAfterSeconds?.(...values),
    );
}

/** The one catalogue of errors that callers see. A code is never reused for another meaning. */
export const errors = {
  // The request as a whole.
  requestMalformed: define(
    'REQUEST_MALFORMED',
    400,
    'INVALID_ARGUMENT',
    (why: string) => `What was sent is not an HTTP/1.1 request: ${why}`,
  ),
  requestTimeout: define(
    'REQUEST_TIMEOUT',
    408,
    'INVALID_ARGUMENT',
    () => 'The request did not arrive whole in time; headers have 20 s, the body 120 s',
  ),
  headersTooLarge: define(
    'HEADERS_TOO_LARGE',
    431,
    'INVALID_ARGUMENT',
    () => 'The headers are larger than 16 KB together',
  ),
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
    (limit: number, whose: string) => `The body is larger than ${limit} bytes, ${whose}`,
  ),
  jsonTooComplex: define(
    'JSON_TOO_COMPLEX',
    413,
    'RESOURCE_EXHAUSTED',
    (count: number, limit: number) =>
      `The JSON holds ${count} arrays, objects and fields; the limit is ${limit}: send tensors flat instead of nested, or as binary data`,
  ),
  messageTooComplex: define(
    'MESSAGE_TOO_COMPLEX',
    413,
    'RESOURCE_EXHAUSTED',
    (weight: number, limit: number) =>
      `The message holds some ${weight} values besides raw tensors; the limit is ${limit}: send tensors in raw_input_contents`,
  ),
  messageMalformed: define(
    'MESSAGE_MALFORMED',
    400,
    'INVALID_ARGUMENT',
    (why: string) => `The message is not a ModelInferRequest: ${why}`,
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

  // Who asks, and whether they may.
  unauthenticated: define(
    'UNAUTHENTICATED',
    401,
    'UNAUTHENTICATED',
    (why: string, how: string) => `Nobody is identified: ${why}; ${how}`,
  ),
  forbidden: define(
    'FORBIDDEN',
    403,
    'PERMISSION_DENIED',
    (caller: string, verb: string, what: string) =>
      `Caller "${caller}" may not "${verb}" ${what}; no rule of the server allows it`,
  ),
  rateLimited: define(
    'RATE_LIMITED',
    429,
    'RESOURCE_EXHAUSTED',
    (caller: string, limit: string, seconds: number) =>
      `Caller "${caller}" is beyond its limit of ${limit}; try again in ${seconds} s`,
    (_caller, _limit, seconds) => seconds,
  ),
  identityUnavailable: define(
    'IDENTITY_UNAVAILABLE',
    503,
    'UNAVAILABLE',
    (issuer: string) =>
      `The keys of issuer "${issuer}" cannot be had, so its tokens cannot be checked`,
  ),
  auditUnavailable: define(
    'AUDIT_UNAVAILABLE',
    503,
    'UNAVAILABLE',
    () => 'The audit log cannot be written, and what belongs into it is not done without',
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
    (model: string, reason: string) => `Model "${model}" is not ready: ${withoutFolders(reason)}`,
  ),
  overloaded: define(
    'OVERLOADED',
    503,
    'UNAVAILABLE',
    (excessMillis: number) =>
      `The server is at its capacity and would answer ${Math.ceil(excessMillis)} ms too late; try again later, or send the request to another one`,
    (excessMillis) => Math.max(1, Math.ceil(excessMillis / 1000)),
  ),
  queueFull: define(
    'QUEUE_FULL',
    503,
    'UNAVAILABLE',
    (limit: number) =>
      `The tensors that wait would come to more than ${limit} bytes, the server's "maxQueueBytes"`,
    () => 1,
  ),
  bodiesFull: define(
    'BODIES_FULL',
    503,
    'UNAVAILABLE',
    (limit: number) =>
      `The requests and answers under way would come to more than ${limit} bytes, the server's "maxBodyBytes"`,
    () => 1,
  ),
  deadlineExceeded: define(
    'DEADLINE_EXCEEDED',
    504,
    'DEADLINE_EXCEEDED',
    () => 'The time that the caller gave the request was over before it was run',
  ),
  serverStopping: define(
    'SERVER_STOPPING',
    503,
    'UNAVAILABLE',
    () => 'The server is stopping; send the request to another one',
  ),
  // The caller has gone: nobody reads this answer, metrics and logs do.
  requestCanceled: define(
    'REQUEST_CANCELED',
    499,
    'CANCELLED',
    () => 'The caller left before the request was run',
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
  stringsTooMany: define(
    'STRINGS_TOO_MANY',
    400,
    'INVALID_ARGUMENT',
    (count: number, limit: number) =>
      `The BYTES inputs have ${count} elements in all; a request may carry ${limit}: send fewer rows at a time`,
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
  outputTooLarge: define(
    'OUTPUT_TOO_LARGE',
    406,
    'INVALID_ARGUMENT',
    (form: string, limit: string, advice: string) =>
      `The outputs are too large for ${form}, which carries at most ${limit}; ${advice}`,
  ),

  // Explanations.
  explanationUnsupported: define(
    'EXPLANATION_UNSUPPORTED',
    400,
    'INVALID_ARGUMENT',
    (model: string, version: number, why: string) =>
      `Model "${model}" version ${version} cannot be explained like this: ${why}`,
  ),
  backgroundMissing: define(
    'BACKGROUND_MISSING',
    400,
    'INVALID_ARGUMENT',
    (method: string) =>
      `Method ${method} needs rows that stand for unknown features: send them as input "background", put them into the version's explain.json, or use method occlusion`,
  ),
  explanationNotFinite: define(
    'EXPLANATION_NOT_FINITE',
    400,
    'INVALID_ARGUMENT',
    (value: string) => `A row that the explanation made came to ${value}`,
  ),
  explanationIncomplete: define(
    'EXPLANATION_INCOMPLETE',
    504,
    'DEADLINE_EXCEEDED',
    (progress: string) =>
      `The explanation's deadline came too early to tell anything: ${progress}; raise deadline_ms or lower the budget`,
  ),
  explanationsTooMany: define(
    'EXPLANATIONS_TOO_MANY',
    429,
    'RESOURCE_EXHAUSTED',
    (limit: number) => `${limit} explanations are under way, the limit; try again later`,
  ),

  // Feedback.
  feedbackOff: define(
    'FEEDBACK_OFF',
    404,
    'NOT_FOUND',
    (model: string) =>
      `Model "${model}" takes no feedback; it needs "variants.feedback", and the model in "variants.models"`,
  ),
  predictionUnknown: define(
    'PREDICTION_UNKNOWN',
    404,
    'NOT_FOUND',
    (model: string, id: string) =>
      `No prediction of model "${model}" with the id "${id}" waits for its outcome: it was asked for by another caller or with a version in its path, is too long ago, or its outcome was told before`,
  ),
  feedbackStoreAway: define(
    'FEEDBACK_STORE_AWAY',
    503,
    'UNAVAILABLE',
    (reason: string) => `The Redis of feedback does not answer: ${reason}; tell it again later`,
    () => 5,
  ),
  // Administration.
  adminOff: define(
    'ADMIN_OFF',
    403,
    'FAILED_PRECONDITION',
    () => 'Administration is off; set "adminRoutes": true in the configuration',
  ),
  profileRunning: define(
    'PROFILE_RUNNING',
    409,
    'FAILED_PRECONDITION',
    () => 'A profile is being made; only one is at a time',
  ),
  profileFailed: define(
    'PROFILE_FAILED',
    500,
    'INTERNAL',
    (model: string, version: number, detail: string) =>
      `Model "${model}" version ${version} could not be profiled: ${withoutFolders(detail)}`,
  ),

  // The repository.
  serviceUnknown: define(
    'SERVICE_UNKNOWN',
    404,
    'NOT_FOUND',
    (service: string, known: string) =>
      `Service "${service}" is not known; check "" for the server, or "${known}"`,
  ),
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
    (model: string, reasons: string) => `Model "${model}" did not load: ${withoutFolders(reasons)}`,
  ),
  repositoryUnreadable: define(
    'REPOSITORY_UNREADABLE',
    503,
    'UNAVAILABLE',
    (folder: string, reason: string) =>
      `The model repository "${withoutFolders(folder)}" cannot be read: ${reason}`,
  ),

  // Asynchronous requests.
  jobsOff: define(
    'JOBS_OFF',
    501,
    'UNIMPLEMENTED',
    (what: string) =>
      `This server keeps no jobs, which ${what} needs; set "jobs.folder" or "jobs.redis" in its configuration`,
  ),
  jobUnknown: define(
    'JOB_UNKNOWN',
    404,
    'NOT_FOUND',
    (job: string) => `You have no job "${job}"; GET /v2/jobs lists those that you have`,
  ),
  jobNotOver: define(
    'JOB_NOT_OVER',
    409,
    'FAILED_PRECONDITION',
    (job: string, state: string) => `Job "${job}" is ${state}; its result is there once it is over`,
  ),
  jobOver: define(
    'JOB_OVER',
    409,
    'FAILED_PRECONDITION',
    (job: string, state: string) => `Job "${job}" is ${state}, and so cannot be canceled any more`,
  ),
  jobCanceled: define(
    'JOB_CANCELED',
    410,
    'FAILED_PRECONDITION',
    (job: string) => `Job "${job}" was canceled; it has no result`,
  ),
  jobExpired: define(
    'JOB_EXPIRED',
    410,
    'FAILED_PRECONDITION',
    (job: string, seconds: number) =>
      `The result of job "${job}" has expired; results are kept for ${seconds} s`,
  ),
  jobAbandoned: define(
    'JOB_ABANDONED',
    500,
    'INTERNAL',
    (attempts: number) =>
      `The server was lost ${attempts} times while this job ran; it is not tried again`,
  ),
  jobStoreFull: define(
    'JOB_STORE_FULL',
    507,
    'RESOURCE_EXHAUSTED',
    (why: string) => `The store of jobs is full: ${why}; send the request again later`,
    () => storeAgainSeconds,
  ),
  jobStoreAway: define(
    'JOB_STORE_AWAY',
    503,
    'UNAVAILABLE',
    (why: string) => `The store of jobs cannot be reached: ${why}; send the request again later`,
    () => storeAgainSeconds,
  ),
  callbackRefused: define(
    'CALLBACK_REFUSED',
    400,
    'INVALID_ARGUMENT',
    (url: string, why: string) => `The callback ${url} is refused: ${why}`,
  ),
  batchFile: define(
    'BATCH_FILE',
    400,
    'INVALID_ARGUMENT',
    (why: string) => `The batch's input file cannot be read: ${withoutFolders(why)}`,
  ),
  batchColumn: define(
    'BATCH_COLUMN',
    400,
    'INVALID_ARGUMENT',
    (column: string, received: string, expected: string) =>
      `Column "${column}" is ${received}; expected ${expected}`,
  ),
  batchRow: define(
    'BATCH_ROW',
    400,
    'INVALID_ARGUMENT',
    (line: number, code: string, message: string) => `Line ${line}: ${code}: ${message}`,
  ),
  batchWidth: define(
    'BATCH_WIDTH',
    400,
    'INVALID_ARGUMENT',
    (output: string, size: number, first: number) =>
      `Output "${output}" has ${size} elements here and ${first} in the first row, which a table cannot hold; ask for "output_format": "jsonl"`,
  ),
  batchOutput: define(
    'BATCH_OUTPUT',
    500,
    'INTERNAL',
    (output: string, shape: string, rows: number) =>
      `Output "${output}" has shape ${shape} for ${rows} rows, so that no row can be told its own`,
  ),
  batchTypeUnsupported: define(
    'BATCH_TYPE_UNSUPPORTED',
    415,
    'INVALID_ARGUMENT',
    (received: string) =>
      `Content-Type "${received}" is no batch file; send application/x-ndjson, text/csv, application/vnd.apache.parquet, application/vnd.apache.arrow.stream, or application/json that names a file below the input folder`,
  ),
  idempotencyMismatch: define(
    'IDEMPOTENCY_MISMATCH',
    422,
    'INVALID_ARGUMENT',
    (key: string) =>
      `The idempotency key "${key}" was sent with another request before; use a new key for a new request`,
  ),
  idempotencyBusy: define(
    'IDEMPOTENCY_BUSY',
    409,
    'UNAVAILABLE',
    (key: string) =>
      `The request with the idempotency key "${key}" is under way; ask again in a moment`,
    () => 1,
  ),

  // Ours.
  engineFailed: define(
    'ENGINE_FAILED',
    500,
    'INTERNAL',
    (model: string, version: number, detail: string) =>
      `Model "${model}" version ${version} failed to run: ${withoutFolders(detail)}`,
  ),
  internal: define(
    'INTERNAL',
    500,
    'INTERNAL',
    () => 'The server failed to answer; its log says why',
  ),
} as const;

export const errorCatalogue: readonly CatalogueEntry[] = catalogue;

export const errorCodes: readonly string[] = catalogue.map(({ code }) => code);

/** What any thrown value is to a caller: itself if it is ours, a fault of the server otherwise. */
export function asServingError(thrown: unknown): ServingError {
  return thrown instanceof ServingError ? thrown : errors.internal();
}
