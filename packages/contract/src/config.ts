import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { accessProperties } from './access-config';
import { accessFaults } from './access-faults';
import { cacheFaults, cacheSchema } from './cache-config';
import { drainTimes } from './drain';
import { fallbackFaults, fallbacksSchema } from './fallback-config';
import { graphsSchema } from './graphs-config';
import { idempotencySchema, jobsSchema } from './jobs-config';
import { modelNameRule, isModelName } from './repository';
import { ports } from './ports';
import { redisFaults } from './redis-config';
import { schemaFaults, show } from './schema-faults';
import { variantsFaults, variantsSchema } from './variants-config';

const port = (fallback: number) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: 65535, default: fallback }));

const defaultRequestBytes = 64 * 1024 * 1024;

const served = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 128,
      description: `Model name: ${modelNameRule}.`,
    }),
    defaultVersion: Type.Integer({
      minimum: 1,
      description: 'Version that answers when the path names none.',
    }),
    objectiveMillis: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3_600_000,
        description: "As the server's, for this model.",
      }),
    ),
    versions: Type.Array(
      Type.Object(
        {
          version: Type.Integer({ minimum: 1 }),
          uri: Type.String({ minLength: 1, description: 'Where the weights are published.' }),
          sha256: Type.String({
            pattern: '^[0-9a-f]{64}$',
            description: 'Digest of the file; checked before the version is admitted.',
          }),
          explanation: Type.Optional(
            Type.Object(
              {
                uri: Type.String({ minLength: 1, description: 'Where the file is published.' }),
                sha256: Type.String({
                  pattern: '^[0-9a-f]{64}$',
                  description: 'Digest of the file; checked before the version is admitted.',
                }),
              },
              {
                additionalProperties: false,
                description:
                  'The explain.json that stands beside the weights. Default: one that is there is taken as it is.',
              },
            ),
          ),
        },
        { additionalProperties: false },
      ),
      { minItems: 1 },
    ),
  },
  { additionalProperties: false },
);

/**
 * JSON Schema (draft 2020-12 vocabulary) of the server's configuration file: what a pod's
 * annotation holds, what `manara dev` merges and what `manara-server --config` reads. `ServerConfig` is its type.
 */
export const serverConfigSchema = Type.Object(
  {
    modelRepository: Type.Optional(
      Type.String({ minLength: 1, description: "Folder in Triton's layout." }),
    ),
    host: Type.Optional(
      Type.String({
        minLength: 1,
        default: '127.0.0.1',
        description: 'Address that REST, gRPC and metrics listen on.',
      }),
    ),
    httpPort: port(ports.http),
    grpcPort: port(ports.grpc),
    metricsPort: port(ports.metrics),
    maxRequestBytes: Type.Optional(
      Type.Integer({ minimum: 1024, maximum: 2 ** 31 - 1, default: defaultRequestBytes }),
    ),
    maxBodyBytes: Type.Optional(
      Type.Integer({
        minimum: 4096,
        description:
          'Bytes of requests and answers that may be under way at once, over all connections. Default: four times maxRequestBytes, and at least 256 MiB: small requests may have large answers.',
      }),
    ),
    maxConnections: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        default: 4096,
        description: 'Connections that REST, and as many that gRPC, may have at once.',
      }),
    ),
    workers: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 256,
        description:
          'Inference threads; each holds its own session of every model. Default: one per core.',
      }),
    ),
    intraOpThreads: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 256,
        default: 1,
        description: 'Threads that one inference uses.',
      }),
    ),
    objectiveMillis: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3_600_000,
        default: 10_000,
        description:
          'Milliseconds within which a request is to be answered: beyond what can be answered in time, requests are refused at once.',
      }),
    ),
    maxQueueBytes: Type.Optional(
      Type.Integer({
        minimum: 1024,
        default: 256 * 1024 * 1024,
        description: 'Bytes of tensors that may wait for an inference thread.',
      }),
    ),
    runTimeoutSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 86_400,
        default: 60,
        description: 'Seconds after which a run is given up, and its thread replaced.',
      }),
    ),
    supervise: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Whether a second, small process starts the server again when native code ends it.',
      }),
    ),
    drainDelaySeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 600,
        default: 0,
        description:
          'After SIGTERM, seconds during which the server says that it is not ready yet still accepts requests, so that load balancers can look away first.',
      }),
    ),
    drainTimeoutSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3600,
        default: drainTimes.timeoutSeconds,
        description: 'Seconds that accepted requests are given to finish after the delay.',
      }),
    ),
    logLevel: Type.Optional(
      Type.Union(
        [Type.Literal('error'), Type.Literal('warn'), Type.Literal('info'), Type.Literal('debug')],
        { default: 'info' },
      ),
    ),
    httpParser: Type.Optional(
      Type.Union([Type.Literal('own'), Type.Literal('node')], {
        default: 'own',
        description:
          'Who reads REST: `own` reads plain inference requests itself and gives every other connection to node:http; `node` gives it all.',
      }),
    ),
    grpcParser: Type.Optional(
      Type.Union([Type.Literal('own'), Type.Literal('grpc-js')], {
        default: 'own',
        description:
          'Who answers gRPC: `own` reads HTTP/2 itself, answers inferences of one message that is not packed, and gives every other call to grpc-js; `grpc-js` leaves all of it to node:http2 and grpc-js.',
      }),
    ),
    tracesEndpoint: Type.Optional(
      Type.String({
        pattern: '^https?://',
        description: 'OTLP/HTTP address that spans are sent to. Default: spans are not recorded.',
      }),
    ),
    tracesSampleRatio: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        default: 0.01,
        description:
          'Share of requests that spans are recorded of; 1 is all. Where a caller sends a traceparent, its sampled flag decides instead.',
      }),
    ),
    adminRoutes: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Whether POST /v2/admin/… answers, to callers that may administer.',
      }),
    ),
    graphs: Type.Optional(graphsSchema),
    jobs: Type.Optional(jobsSchema),
    idempotency: Type.Optional(idempotencySchema),
    ...accessProperties,
    cache: Type.Optional(cacheSchema),
    variants: Type.Optional(variantsSchema),
    fallbacks: Type.Optional(fallbacksSchema),
    models: Type.Optional(
      Type.Array(served, {
        description:
          "The models to serve, and no other. Default: all of the repository, by each model's version policy.",
      }),
    ),
  },
  { additionalProperties: false, $id: 'https://manara.dev/schemas/server-config.json' },
);

export type ServerConfig = Static<typeof serverConfigSchema>;
export type ServedModel = Static<typeof served>;
export type GraphsConfig = Static<typeof graphsSchema>;
export type JobsConfig = Static<typeof jobsSchema>;
export type IdempotencyConfig = Static<typeof idempotencySchema>;

/** A configuration that the schema or its cross-checks refuse. Lists every fault, not just the first. */
export class ServerConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The server's configuration is not valid:\n${faults.map((f) => `  - ${f}`).join('\n')}`);
    this.name = 'ServerConfigError';
  }
}

/**
 * Checks a parsed configuration file.
 *
 * @throws ServerConfigError naming each key at fault, the value received and what is allowed.
 */
export function parseServerConfig(value: unknown): ServerConfig {
  const faults = Value.Check(serverConfigSchema, value)
    ? crossCheck(value)
    : schemaFaults(serverConfigSchema, value);
  if (faults.length > 0) throw new ServerConfigError(faults);
  return value as ServerConfig;
}

/** What JSON Schema cannot say. */
function crossCheck(config: ServerConfig): string[] {
  const faults = accessFaults(config);
  const names = new Set<string>();
  for (const [i, model] of (config.models ?? []).entries()) {
    const at = `models.${i}`;
    if (!isModelName(model.name)) {
      faults.push(`${at}.name: expected ${modelNameRule}, received ${show(model.name)}`);
    }
    if (names.has(model.name)) faults.push(`${at}.name: ${show(model.name)} stands twice`);
    names.add(model.name);
    const versions = model.versions.map((v) => v.version);
    if (new Set(versions).size < versions.length) {
      faults.push(`${at}.versions: a version stands twice, received ${versions.join(', ')}`);
    }
    if (!versions.includes(model.defaultVersion)) {
      faults.push(
        `${at}.defaultVersion: expected one of ${versions.join(', ')}, received ${model.defaultVersion}`,
      );
    }
  }
  const { maxRequestBytes = defaultRequestBytes, maxBodyBytes } = config;
  if (maxBodyBytes !== undefined && maxBodyBytes < 2 * maxRequestBytes) {
    faults.push(
      `maxBodyBytes: expected at least twice maxRequestBytes, ${2 * maxRequestBytes}, received ${maxBodyBytes}; large requests leave a quarter of it to small ones`,
    );
  }
  const used = [
    config.httpPort ?? ports.http,
    config.grpcPort ?? ports.grpc,
    config.metricsPort ?? ports.metrics,
  ].filter((p) => p !== 0);
  if (new Set(used).size < used.length) {
    faults.push(
      `httpPort, grpcPort, metricsPort: expected three different ports, received ${used.join(', ')}`,
    );
  }
  const { cache, variants, fallbacks, identity, jobs, limits } = config;
  if (jobs !== undefined && jobs.folder === undefined && !jobs.redis) {
    faults.push(`jobs: expected folder or redis, received ${show(jobs)}`);
  }
  faults.push(
    ...redisFaults('jobs', jobs?.redis),
    ...redisFaults('cache', cache?.redis),
    ...redisFaults('limits', limits?.redis),
    ...redisFaults('variants.feedback', variants?.feedback?.redis),
  );
  if (cache !== undefined) faults.push(...cacheFaults(cache, identity !== undefined));
  if (variants !== undefined) faults.push(...variantsFaults(variants));
  if (fallbacks !== undefined) faults.push(...fallbackFaults(fallbacks, cache));
  return faults;
}
