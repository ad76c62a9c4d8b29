import { stat } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { DestinationStream } from 'pino';
import type { ServerContext } from './context';
import { Scheduler } from './engine/scheduler';
import { GrpcFrontEnd } from './grpc/server';
import { HttpFrontEnd } from './http/server';
import { InferencePipeline } from './infer';
import { bindError, formatAddress, listen, StartError } from './listen';
import { createMetricsServer } from './metrics-server';
import { type ResolvedOptions, resolveOptions, type ServerOptions } from './options';
import { ModelControl } from './repository/control';
import { VersionLoader } from './repository/loader';
import { ModelRepository } from './repository/repository';
import { RunningServer } from './running-server';
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
}

/**
 * Starts a server. Resolves when it listens and every model that start-up loads was tried.
 *
 * @throws StartError where a repository is missing, an address cannot be bound, or a model failed
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
    await server.listen();
    await server.loadModels();
  } catch (error) {
    await server.abandon();
    throw error;
  }
  return server;
}

async function checkRepository(folder: string): Promise<void> {
  const stats = await stat(folder).catch(() => undefined);
  if (stats?.isDirectory() !== true) {
    throw new StartError(`the model repository ${folder} is not a folder; see --model-repository`);
  }
}
