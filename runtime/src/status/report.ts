import type { ServerContext } from '../context';
import type { Failures } from '../seeing/recent-failures';
import type { RecentTraffic } from '../seeing/recent-runs';
import { type Readable, repositoryIndex } from '../views';
import { serverVersion } from '../version';

/** What `GET /v2/status` answers; the contract's OpenAPI document has its schema. */
export interface StatusReport {
  readonly server: {
    readonly version: string;
    readonly ready: boolean;
    readonly draining: boolean;
    readonly uptime_seconds: number;
    readonly inference_threads: number;
    /** Share of the inference threads' time since the start that was spent in the engine. */
    readonly busy_share: number;
    readonly resident_bytes: number;
    readonly event_loop_p99_ms: number | null;
  };
  readonly models: readonly ModelStatus[];
  /** The latest first. */
  readonly failures: readonly FailureStatus[];
}

export interface ModelStatus {
  readonly name: string;
  /** Empty: of the model as a whole. */
  readonly version: string;
  readonly state: string;
  readonly reason: string;
  /** Since the version was loaded. */
  readonly requests: number;
  readonly failed: number;
  /** Of the last minute; `null` where it does not answer. */
  readonly recent: TrafficStatus | null;
}

export interface TrafficStatus {
  readonly requests_per_second: number;
  readonly rows_per_run: number | null;
  readonly p50_ms: number | null;
  readonly p99_ms: number | null;
  readonly queue_p99_ms: number | null;
}

export interface FailureStatus {
  readonly code: string;
  readonly model: string | null;
  readonly version: string | null;
  readonly count: number;
  /** ISO 8601. */
  readonly last: string;
}

/**
 * What the server does now, in one answer.
 *
 * @param readable - what the caller may know of.
 */
export async function statusReport(
  context: ServerContext,
  readable: Readable,
): Promise<StatusReport> {
  const { repository, seeing } = context;
  const versions = new Map(
    repository
      .models()
      .flatMap((entry) => entry.ready())
      .map((loaded) => [`${loaded.model}/${loaded.version}`, loaded]),
  );
  const index = await repositoryIndex(repository, readable, false);
  const models = index.map(({ name, version = '', state = 'UNAVAILABLE', reason = '' }) => {
    const loaded = versions.get(`${name}/${version}`);
    return {
      name,
      version,
      state,
      reason,
      requests: loaded?.statistics.success.count ?? 0,
      failed: loaded?.statistics.fail.count ?? 0,
      recent: loaded === undefined ? null : traffic(seeing.recent.of(name, loaded.version)),
    };
  });
  const failures = seeing.failures
    .list()
    .filter(({ model, version }) => model === undefined || readable(model, version));
  return { server: serverStatus(context), models, failures: failures.map(failure) };
}

function serverStatus({ seeing, isReady, isDraining }: ServerContext): StatusReport['server'] {
  const uptime = process.uptime();
  let busyMicros = 0;
  for (const { busyMicros: of } of seeing.runs.all()) busyMicros += of.inference;
  const delay = seeing.delay.seconds.quantile(0.99);
  return {
    version: serverVersion,
    ready: isReady(),
    draining: isDraining(),
    uptime_seconds: uptime,
    inference_threads: seeing.threads,
    busy_share: busyMicros / 1e6 / (uptime * seeing.threads),
    resident_bytes: process.memoryUsage.rss(),
    event_loop_p99_ms: delay === undefined ? null : delay * 1000,
  };
}

function traffic(recent: RecentTraffic): TrafficStatus {
  const { seconds, requests, runs, rows, p50Millis, p99Millis, queueP99Millis } = recent;
  return {
    requests_per_second: requests / seconds,
    rows_per_run: runs === 0 ? null : rows / runs,
    p50_ms: p50Millis,
    p99_ms: p99Millis,
    queue_p99_ms: queueP99Millis,
  };
}

function failure({ code, model, version, count, last }: Failures): FailureStatus {
  return {
    code,
    model: model ?? null,
    version: version === undefined ? null : String(version),
    count,
    last: new Date(last).toISOString(),
  };
}
