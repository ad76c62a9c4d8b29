import { define } from './catalogue';
import { withoutFolders } from './serving-error';

/** When a store may be back, or have room again. */
const storeAgainSeconds = 5;

/** Of asynchronous requests. */
export const jobErrors = {
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
} as const;
