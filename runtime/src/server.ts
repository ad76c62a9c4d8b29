import { logFields, metrics as names } from '@manara/contract';
import { openAccess } from './access/access';
import { refuseOpenAddresses } from './access/loopback';
import type { DestinationStream } from 'pino';
import type { ServerContext } from './context';
import { Scheduler } from './engine/scheduler';
import { Explainer } from './explain/explainer';
import { GraphFolder } from './graphs/graph-folder';
import { OptimizedGraphs } from './graphs/graphs';
import { IdempotencyGuard } from './idempotency/guard';
import { MemoryAnswers } from './idempotency/memory-answers';
import { InferencePipeline } from './infer';
import { assembleJobs, batchPlaces, openJobStore } from './open-jobs';
import { type ResolvedOptions, resolveOptions, type ServerOptions } from './options';
import { ByteBudget } from './limits/byte-budget';
import { offeredApi } from './openapi/offered';
import { LooseEnds } from './loose-ends/loose-ends';
import { ModelControl } from './repository/control';
import { checkRepository } from './repository/layout';
import { VersionLoader } from './repository/loader';
import { ModelRepository } from './repository/repository';
import { Lifecycle, RunningServer } from './running-server';
import { Seeing } from './seeing/seeing';
import { openSteps } from './steps';
import type { LineSink } from './telemetry/log-destination';
import { ServerLog, standardLog } from './telemetry/logger';
import { ServerMetrics } from './telemetry/metrics';
import { RequestObserver } from './telemetry/observer';
import { RefusalLog } from './telemetry/refusal-log';
import { startTracing } from './telemetry/tracing';

/** What a server can be given besides its options, by programs that embed it and by tests. */
export interface Surroundings {
  /** Where log lines go. @default - standard output */
  readonly logs?: DestinationStream;
  /** Script that probes model files. @default - this package's */
  readonly probeScript?: string;
  /** Milliseconds between looks at certificates and keys. @default 5000 */
  readonly followMillis?: number;
  /** Ends start-up early: the server that is returned only remains to be drained. @default - none */
  readonly stop?: AbortSignal;
  /** Called when every inference thread is in a run that does not end. @default - nobody */
  readonly onStuck?: () => void;
}

/**
 * Starts a server. Resolves when it listens and every model that start-up loads was tried.
 *
 * @throws StartError where a repository or a file of keys cannot be used, an address cannot be bound, or a model failed
 *   and `exitOnError` is set.
 */
export async function startServer(
  options: ServerOptions,
  surroundings: Surroundings = {},
): Promise<RunningServer> {
  const resolved = resolveOptions(options);
  const { http, grpc, metrics, access } = resolved;
  if (access.identity === undefined && access.allowAnonymous !== true) {
    refuseOpenAddresses({ http, grpc, metrics });
  }
  for (const folder of resolved.modelRepositories) await checkRepository(folder);
  const server = await assemble(resolved, surroundings);
  try {
    await server.start();
  } catch (error) {
    await server.close();
    throw error;
  }
  return server;
}

async function assemble(
  options: ResolvedOptions,
  { logs, probeScript, stop, onStuck, followMillis }: Surroundings,
): Promise<RunningServer> {
  const loading = new AbortController();
  const { signal } = loading;
  stop?.addEventListener('abort', () => {
    loading.abort();
  });
  const output = logs === undefined ? standardLog() : delivered(logs);
  const log = new ServerLog(options.logLevel, output);
  const refusals = new RefusalLog(log);
  const lifecycle = new Lifecycle();
  const isReady = (): boolean =>
    lifecycle.phase === 'serving' && (!options.strictReadiness || repository.isReady());
  const metrics = new ServerMetrics(isReady);
  // First, as they may be refused, and what follows starts threads.
  const around = await openSteps(options, {
    metrics,
    log,
    repository: () => repository,
    changed: () => {
      looseEnds.look();
    },
  });
  const looseEnds = new LooseEnds(log, around.looseEnds);
  metrics.addGauges(names.unservedNames, () => [{ labels: {}, value: looseEnds.count() }]);
  const jobStore = options.jobs && (await openJobStore(options.jobs, log));
  // Before there are threads that would have to be ended where it fails.
  const access = await openAccess(options.access, {
    log,
    metrics,
    refusals,
    output,
    followMillis,
    defaultVersion: (model) => repository.defaultVersion(model),
  });
  const tracing =
    options.tracesEndpoint === undefined
      ? undefined
      : await startTracing(options.tracesEndpoint, options.tracesSampleRatio);
  const scheduler = new Scheduler({
    workers: options.workers,
    intraOpThreads: options.intraOpThreads,
    objectiveMillis: options.objectiveMillis,
    maxQueueBytes: options.maxQueueBytes,
    runLimitMillis: options.runTimeoutSeconds * 1000,
    onStuck: () => {
      log.write('error', 'workers_stuck', 'every inference thread is in a run that does not end');
      onStuck?.();
    },
    onWorkerLost: (error) => {
      log.write('error', 'worker_lost', 'an inference thread was lost', {
        [logFields.error]: error.message,
      });
    },
  });
  const seeing = new Seeing(metrics, options.workers);
  const observer = new RequestObserver(log, tracing, seeing.failures, refusals);
  const loader = new VersionLoader(
    scheduler,
    metrics,
    {
      probe: {
        timeoutSeconds: options.probeTimeoutSeconds,
        signal,
        ...(probeScript === undefined ? {} : { script: probeScript }),
      },
      isCached: around.isCached,
      graphs:
        options.graphs &&
        new OptimizedGraphs(new GraphFolder(options.graphs.folder, options.graphs.maxBytes), log),
      check: around.check,
    },
    (model, version, execution) => {
      observer.ran(model, version, execution);
      seeing.ran(model, version, execution);
    },
  );
  const repository = new ModelRepository(
    {
      roots: options.modelRepositories,
      served: options.models,
      isElsewhere: around.isElsewhere,
      changed: () => {
        looseEnds.look();
      },
    },
    loader,
    log,
  );
  const pipeline = new InferencePipeline(repository, scheduler, {
    ...around,
    // What a caller may ask is looked at before anything is answered, from a cache or otherwise.
    steps: [...access.steps, ...around.steps],
  });
  const batches = batchPlaces(options.jobs, options.access.identity !== undefined);
  const context: ServerContext = {
    repository,
    gate: access.gate,
    pipeline,
    explainer: new Explainer(pipeline),
    jobs:
      jobStore &&
      assembleJobs(jobStore, options, { gate: access.gate, pipeline, observer, log, batches }),
    batches,
    idempotency: new IdempotencyGuard(
      jobStore ?? new MemoryAnswers(options.idempotency.maxBytes),
      options.idempotency.ttlSeconds,
    ),
    variants: around.variants,
    standIns: around.standIns,
    control: new ModelControl(options.controlMode, repository),
    observer,
    seeing,
    admin: options.adminRoutes,
    intraOpThreads: options.intraOpThreads,
    offered: offeredApi(options),
    log,
    maxRequestBytes: options.maxRequestBytes,
    bodies: new ByteBudget(options.maxBodyBytes),
    maxConnections: options.maxConnections,
    isReady,
    isDraining: () => lifecycle.phase === 'draining',
  };
  return new RunningServer({
    options,
    context,
    access,
    lifecycle,
    scheduler,
    loading,
    metrics,
    tracing,
    looseEnds,
    steps: around,
  });
}

/** Whoever gives the server a place for its log has to see to it that lines are not lost there. */
function delivered(logs: DestinationStream): DestinationStream & LineSink {
  return {
    write: (line) => {
      logs.write(line);
    },
    deliver: (line) => {
      logs.write(line);
      return Promise.resolve();
    },
  };
}
