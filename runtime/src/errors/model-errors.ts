import { define } from './catalogue';
import { withoutFolders } from './serving-error';

/** Of the model that is asked for, and of the time that it has. */
export const modelErrors = {
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
} as const;
