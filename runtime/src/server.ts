import { logFields } from '@manara/contract';
import type { DestinationStream } from 'pino';
import type { ServerContext } from './context';
import { Scheduler } from './engine/scheduler';
import { InferencePipeline } from './infer';
import { type ResolvedOptions, resolveOptions, type ServerOptions } from './options';
import { ModelControl } from './repository/control';
import { checkRepository } from './repository/layout';
import { VersionLoader } from './repository/loader';
import { ModelRepository } from './repository/repository';
import { Lifecycle, RunningServer } from './running-server';
import { Seeing } from './seeing/seeing';
import { ServerLog } from './telemetry/logger';
import { ServerMetrics } from './telemetry/metrics';
import { RequestObserver } from './telemetry/observer';
import { startTracing } from './telemetry/tracing';

/** What a server can be given besides its options, by programs that embed it and by tests. */
export interface Surroundings {
  /** Where log lines go. @default - standard output */
  readonly logs?: DestinationStream;
  /** Script that probes model files. @default - this package's */
  readonly probeScript?: string;
  /** Ends start-up early: the server that is returned only remains to be drained. @default - none */
  readonly stop?: AbortSignal;
}

/**
 * Starts a server. Resolves when it listens and every model that start-up loads was tried.
 *
 * @throws StartError where a repository cannot be used, an address cannot be bound, or a model failed
 *   and `exitOnError` is set.
 */
export async function startServer(
  options: ServerOptions,
  surroundings: Surroundings = {},
): Promise<RunningServer> {
  const resolved = resolveOptions(options);
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
  { logs, probeScript, stop }: Surroundings,
): Promise<RunningServer> {
  const loading = new AbortController();
  const { signal } = loading;
  stop?.addEventListener('abort', () => {
    loading.abort();
  });
  const log = new ServerLog(options.logLevel, logs);
  const tracing =
    options.tracesEndpoint === undefined
      ? undefined
      : await startTracing(options.tracesEndpoint, options.tracesSampleRatio);
  const scheduler = new Scheduler({
    workers: options.workers,
    intraOpThreads: options.intraOpThreads,
    onWorkerLost: (error) => {
      log.write('error', 'worker_lost', 'an inference thread was lost', {
        [logFields.error]: error.message,
      });
    },
  });
  const lifecycle = new Lifecycle();
  const isReady = (): boolean =>
    lifecycle.phase === 'serving' && (!options.strictReadiness || repository.isReady());
  const metrics = new ServerMetrics(isReady);
  const seeing = new Seeing(metrics, options.workers);
  const observer = new RequestObserver(log, tracing, seeing.failures);
  const loader = new VersionLoader(
    scheduler,
    metrics,
    {
      timeoutSeconds: options.probeTimeoutSeconds,
      signal,
      ...(probeScript === undefined ? {} : { script: probeScript }),
    },
    (model, version, execution) => {
      observer.ran(model, version, execution);
      seeing.ran(model, version, execution);
    },
  );
  const repository = new ModelRepository(
    { roots: options.modelRepositories, served: options.models },
    loader,
    log,
  );
  const context: ServerContext = {
    repository,
    pipeline: new InferencePipeline(repository, scheduler),
    control: new ModelControl(options.controlMode, repository),
    observer,
    seeing,
    admin: options.adminRoutes,
    intraOpThreads: options.intraOpThreads,
    log,
    maxRequestBytes: options.maxRequestBytes,
    isReady,
    isDraining: () => lifecycle.phase === 'draining',
  };
  return new RunningServer({ options, context, lifecycle, scheduler, loading, metrics, tracing });
}
