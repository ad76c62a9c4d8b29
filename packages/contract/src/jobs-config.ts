import { Type } from '@sinclair/typebox';
import { redisDefaults, redisSchema } from './redis-config';

/** Numbers of the `jobs` part of the configuration that hold where it says nothing. */
export const jobDefaults = {
  maxBytes: 1024 ** 3,
  concurrency: 2,
  resultTtlSeconds: 86_400,
  maxAttempts: 10,
  retrySeconds: 3600,
  webhookRetrySeconds: 86_400,
} as const;

/** Numbers of the `idempotency` part. */
export const idempotencyDefaults = { ttlSeconds: 86_400, maxBytes: 64 * 1024 ** 2 } as const;

/**
 * Key of the stream in `jobs.redis` that holds an entry for each job that waits or runs: what scales by the
 * jobs there are reads its length. The braces keep all keys of a prefix in one slot of a cluster.
 */
export function jobQueueKey(prefix: string = redisDefaults.prefix): string {
  return `{${prefix}}:queue`;
}

const seconds = (fallback: number, description: string, maximum = 30 * 86_400) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum, default: fallback, description }));

const webhookSchema = Type.Object(
  {
    allow: Type.Array(
      Type.String({
        pattern: '^https?://[^/?#@\\s]+/[^?#\\s]*$',
        description: 'Address that callbacks may begin with, a path included: https://hooks.bank/.',
      }),
      {
        minItems: 1,
        description: 'Where events may be sent. A callback elsewhere is refused with its job.',
      },
    ),
    secretFiles: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      maxItems: 2,
      description:
        'Files with the secrets that sign events: base64 of 24 to 64 bytes, with or without whsec_. Two while one replaces the other; read anew for each event.',
    }),
    retrySeconds: seconds(
      jobDefaults.webhookRetrySeconds,
      'How long an event is sent anew that was not taken.',
    ),
  },
  { additionalProperties: false },
);

const filesSchema = Type.Object(
  {
    input: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Folder that batch jobs may read. With identity: each caller a folder below it.',
      }),
    ),
    output: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Folder that batch jobs may write. With identity: each caller a folder below it.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Asynchronous and batch requests. Without a folder or a Redis they are switched off. */
export const jobsSchema = Type.Object(
  {
    folder: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Folder that keeps jobs and the files of batches, of this server alone. With redis: only the files, on a volume that all servers share.',
      }),
    ),
    redis: Type.Optional(redisSchema),
    maxBytes: Type.Optional(
      Type.Integer({
        minimum: 1024 ** 2,
        maximum: Number.MAX_SAFE_INTEGER,
        default: jobDefaults.maxBytes,
        description: 'Greatest size of all that is kept; beyond it new jobs are refused.',
      }),
    ),
    concurrency: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 256,
        default: jobDefaults.concurrency,
        description: 'Jobs that run at once.',
      }),
    ),
    resultTtlSeconds: seconds(
      jobDefaults.resultTtlSeconds,
      'How long a result is kept. That there was a job is known for as long again.',
    ),
    maxAttempts: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        default: jobDefaults.maxAttempts,
        description: 'Times that a job may take the server down with it before it is given up.',
      }),
    ),
    retrySeconds: seconds(
      jobDefaults.retrySeconds,
      'How long a job is tried anew that fails for a passing reason, such as a model that loads.',
    ),
    webhook: Type.Optional(webhookSchema),
    files: Type.Optional(filesSchema),
  },
  { additionalProperties: false },
);

/** Answers that are kept for the keys of repeated requests. */
export const idempotencySchema = Type.Object(
  {
    ttlSeconds: seconds(idempotencyDefaults.ttlSeconds, 'How long a key is known.'),
    maxBytes: Type.Optional(
      Type.Integer({
        minimum: 1024,
        maximum: Number.MAX_SAFE_INTEGER,
        default: idempotencyDefaults.maxBytes,
        description:
          'Greatest size of the answers kept in memory, where no jobs are kept; the oldest go first.',
      }),
    ),
  },
  { additionalProperties: false },
);
