import {
  type AccessConfig,
  type CacheConfig,
  drainTimes,
  type FallbacksConfig,
  graphDefaults,
  type GraphsConfig,
  type IdempotencyConfig,
  idempotencyDefaults,
  type JobsConfig,
  ports,
  type ServerConfig,
  type VariantsConfig,
} from '@manara/contract';
import { availableCores } from './engine/cores';
import type { GrpcParser } from './grpc/parser';
import type { HttpParser } from './http/parser';
import type { ControlMode } from './repository/control';
import type { LogLevel } from './telemetry/logger';

/** Address that one of the servers listens on; `undefined` where it is switched off. */
export interface Endpoint {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
}

/** Everything that a server can be started with. The configuration file holds a part of it. */
export interface ServerOptions extends Omit<
  ServerConfig,
  'modelRepository' | 'host' | 'httpPort' | 'grpcPort' | 'metricsPort'
> {
  /** File that the options are from: what may change while the server runs is followed. @default - none */
  readonly configFile?: string;
  /** Folders in Triton's layout; a model stands in one of them only. */
  readonly modelRepositories: readonly string[];
  /** @default 127.0.0.1:8000; `null` switches REST off */
  readonly http?: Partial<Endpoint> | null;
  /** @default 127.0.0.1:8001; `null` switches gRPC off */
  readonly grpc?: Partial<Endpoint> | null;
  /** @default 127.0.0.1:8002; `null` switches metrics off */
  readonly metrics?: Partial<Endpoint> | null;
  /** Who decides which models are loaded. @default 'none': all of them at start, no change after */
  readonly controlMode?: ControlMode;
  /** With controlMode 'explicit', the models to load at start; '*' for all. @default - none */
  readonly loadModels?: readonly string[];
  /** With controlMode 'poll', seconds between looks at the repository. @default 15 */
  readonly pollSeconds?: number;
  /** Whether readiness waits for every model that start-up loads. @default true */
  readonly strictReadiness?: boolean;
  /** Whether a model that fails to load at start ends the server. @default false */
  readonly exitOnError?: boolean;
  /** Seconds that the probe of a model file is given. @default 120 */
  readonly probeTimeoutSeconds?: number;
}

/** The options with every default filled in. */
export interface ResolvedOptions {
  readonly modelRepositories: readonly string[];
  readonly models: ServerConfig['models'];
  readonly http: Endpoint | undefined;
  readonly grpc: Endpoint | undefined;
  readonly metrics: Endpoint | undefined;
  readonly controlMode: ControlMode;
  readonly loadModels: readonly string[];
  readonly pollSeconds: number;
  readonly strictReadiness: boolean;
  readonly exitOnError: boolean;
  readonly probeTimeoutSeconds: number;
  readonly maxRequestBytes: number;
  readonly maxBodyBytes: number;
  readonly maxConnections: number;
  readonly workers: number;
  readonly intraOpThreads: number;
  readonly objectiveMillis: number;
  readonly maxQueueBytes: number;
  readonly runTimeoutSeconds: number;
  readonly drainDelaySeconds: number;
  readonly drainTimeoutSeconds: number;
  readonly logLevel: LogLevel;
  readonly httpParser: HttpParser;
  readonly grpcParser: GrpcParser;
  readonly tracesEndpoint: string | undefined;
  readonly cache: CacheConfig;
  readonly variants: VariantsConfig | undefined;
  readonly fallbacks: FallbacksConfig;
  readonly configFile: string | undefined;
  readonly tracesSampleRatio: number;
  readonly adminRoutes: boolean;
  readonly graphs: Required<GraphsConfig> | undefined;
  readonly jobs: JobsConfig | undefined;
  readonly idempotency: Required<IdempotencyConfig>;
  /** Who may use the server. */
  readonly access: AccessConfig;
}

const defaultHost = '127.0.0.1';

/** What `maxBodyBytes` is at least by default: small requests may have large answers. */
const leastBodyBytes = 256 * 1024 * 1024;

export function resolveOptions(options: ServerOptions): ResolvedOptions {
  const { allowAnonymous, tls, identity, rules, limits, audit } = options;
  const maxRequestBytes = options.maxRequestBytes ?? 64 * 1024 * 1024;
  return {
    modelRepositories: options.modelRepositories,
    models: options.models,
    http: endpoint(options.http, ports.http),
    grpc: endpoint(options.grpc, ports.grpc),
    metrics: endpoint(options.metrics, ports.metrics),
    controlMode: options.controlMode ?? 'none',
    loadModels: options.loadModels ?? [],
    pollSeconds: options.pollSeconds ?? 15,
    strictReadiness: options.strictReadiness ?? true,
    exitOnError: options.exitOnError ?? false,
    probeTimeoutSeconds: options.probeTimeoutSeconds ?? 120,
    maxRequestBytes,
    maxBodyBytes: options.maxBodyBytes ?? Math.max(4 * maxRequestBytes, leastBodyBytes),
    maxConnections: options.maxConnections ?? 4096,
    workers: options.workers ?? availableCores(),
    intraOpThreads: options.intraOpThreads ?? 1,
    objectiveMillis: options.objectiveMillis ?? 10_000,
    maxQueueBytes: options.maxQueueBytes ?? 256 * 1024 * 1024,
    runTimeoutSeconds: options.runTimeoutSeconds ?? 60,
    drainDelaySeconds: options.drainDelaySeconds ?? 0,
    drainTimeoutSeconds: options.drainTimeoutSeconds ?? drainTimes.timeoutSeconds,
    logLevel: options.logLevel ?? 'info',
    httpParser: options.httpParser ?? 'own',
    grpcParser: options.grpcParser ?? 'own',
    tracesEndpoint: options.tracesEndpoint,
    cache: options.cache ?? {},
    variants: options.variants,
    fallbacks: options.fallbacks ?? {},
    configFile: options.configFile,
    tracesSampleRatio: options.tracesSampleRatio ?? 0.01,
    adminRoutes: options.adminRoutes ?? false,
    graphs: options.graphs && { ...graphDefaults, ...options.graphs },
    jobs: options.jobs,
    idempotency: { ...idempotencyDefaults, ...options.idempotency },
    access: {
      ...(allowAnonymous === undefined ? {} : { allowAnonymous }),
      ...(tls && { tls }),
      ...(identity && { identity }),
      ...(rules && { rules }),
      ...(limits && { limits }),
      ...(audit && { audit }),
    },
  };
}

function endpoint(
  given: Partial<Endpoint> | null | undefined,
  fallback: number,
): Endpoint | undefined {
  if (given === null) return undefined;
  return { host: given?.host ?? defaultHost, port: given?.port ?? fallback };
}
