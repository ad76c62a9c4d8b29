import { type Static, Type } from '@sinclair/typebox';
import { redisSchema } from './redis-config';

/** Numbers of the `cache` part where the configuration leaves them out. */
export const cacheDefaults = {
  maxBytes: 64 * 1024 ** 2,
  maxEntryBytes: 1024 ** 2,
  ttlSeconds: 60,
  zone: '',
} as const;

const cachedModel = Type.Object(
  {
    ttlSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 30 * 86_400,
        description: "Seconds that an answer is fresh for. Default: the cache's ttlSeconds.",
      }),
    ),
    visibility: Type.Optional(
      Type.Union([Type.Literal('private'), Type.Literal('public')], {
        default: 'private',
        description:
          'What Cache-Control says of answers. public: caches between callers and the server may give one caller what another asked for; not with identity.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Answers that are kept and given again. Models are cached that are named here or in their config.pbtxt. */
export const cacheSchema = Type.Object(
  {
    maxBytes: Type.Optional(
      Type.Integer({
        minimum: 1024,
        maximum: Number.MAX_SAFE_INTEGER,
        default: cacheDefaults.maxBytes,
        description: 'Memory that answers may take. Not used with redis.',
      }),
    ),
    maxEntryBytes: Type.Optional(
      Type.Integer({
        minimum: 64,
        maximum: 64 * 1024 ** 2,
        default: cacheDefaults.maxEntryBytes,
        description:
          'Greatest size of the inputs, and of the outputs, of an answer that is kept; a MiB takes about a millisecond to hash.',
      }),
    ),
    ttlSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 30 * 86_400,
        default: cacheDefaults.ttlSeconds,
        description: 'Seconds that an answer is fresh for.',
      }),
    ),
    zone: Type.Optional(
      Type.String({
        maxLength: 256,
        default: cacheDefaults.zone,
        description: 'Residency zone of the server. Answers are not shared between zones.',
      }),
    ),
    redis: Type.Optional(redisSchema),
    keyFile: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'File with 32 bytes or more of secret, the same for all servers that share a Redis: from it come the key of the hashes and the key that answers are sealed with.',
      }),
    ),
    models: Type.Optional(
      Type.Record(Type.String(), cachedModel, {
        description: 'Models whose answers are kept, by name. They must be deterministic.',
      }),
    ),
  },
  { additionalProperties: false },
);

export type CacheConfig = Static<typeof cacheSchema>;

/** What JSON Schema cannot say. */
export function cacheFaults(
  { redis, keyFile, models = {} }: CacheConfig,
  isIdentified: boolean,
): string[] {
  const faults: string[] = [];
  for (const [model, { visibility }] of Object.entries(models)) {
    if (!isIdentified || visibility !== 'public') continue;
    faults.push(
      `cache.models.${model}.visibility: expected "private" as identity is configured, received "public", which would have caches on the way give one caller what another may see`,
    );
  }
  if (redis !== undefined && keyFile === undefined) {
    faults.push(
      'cache.keyFile: expected a file with the secret that goes with cache.redis, received nothing',
    );
  }
  return faults;
}
