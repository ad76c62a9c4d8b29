import type { Server } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { drainTimes } from '@manara/contract';
import type { Access } from './access/access';
import type { ServerContext } from './context';
import type { Scheduler } from './engine/scheduler';
import { GrpcFrontEnd } from './grpc/server';
import { HttpFrontEnd } from './http/server';
import { bindError, listen } from './listen';
import type { LooseEnds } from './loose-ends/loose-ends';
import { createMetricsServer } from './metrics-server';
import type { Endpoint, ResolvedOptions } from './options';
import type { ServerSteps } from './steps';
import { StartError } from './start-error';
import type { ServerMetrics } from './telemetry/metrics';
import type { Tracing } from './telemetry/tracing';

/** Where a server is in its life. */
export class Lifecycle {
  phase: 'starting' | 'serving' | 'draining' = 'starting';
}

/** What a server is made of. */
export interface ServerParts {
  readonly options: ResolvedOptions;
  readonly context: ServerContext;
  readonly access: Access;
  readonly lifecycle: Lifecycle;
  readonly scheduler: Scheduler;
  /** Ends the loading of models, for good. */
  readonly loading: AbortController;
  readonly metrics: ServerMetrics;
  readonly tracing: Tracing | undefined;
  readonly steps: ServerSteps;
  readonly looseEnds: LooseEnds;
}

/** Addresses that a server listens on, `host:port`; `undefined` where it is switched off. */
export interface ServerAddresses {
  readonly http: string | undefined;
  readonly grpc: string | undefined;
  readonly metrics: string | undefined;
}

/** A server from the moment it listens to the moment it is gone. */
export class RunningServer {
  private readonly http: HttpFrontEnd;
  private readonly grpc: GrpcFrontEnd;
  private readonly metricsServer: Server;
  private poll: NodeJS.Timeout | undefined;
  private stopping: Promise<boolean> | undefined;
  private readonly hurry = new AbortController();
  private bound: ServerAddresses = { http: undefined, grpc: undefined, metrics: undefined };

  constructor(private readonly parts: ServerParts) {
    const { context, options, access } = parts;
    this.http = new HttpFrontEnd(context, options.httpParser, access.tls);
    this.grpc = new GrpcFrontEnd(context, options.grpcParser, access.tls);
    this.metricsServer = createMetricsServer(parts.metrics, access, options.maxConnections);
  }

  get addresses(): ServerAddresses {
    return this.bound;
  }

  /**
   * Listens, then loads the models: a server that is alive and not ready yet says so. Returns early,
   * without being ready, where it is told to stop meanwhile.
   */
  async start(): Promise<void> {
    const { options, lifecycle, context, loading } = this.parts;
    const { http, grpc, metrics } = options;
    this.bound = {
      http: await bind('http', http, (at) => listen(this.http.server, at)),
      grpc: await bind('grpc', grpc, (at) => this.grpc.listen(at)),
      metrics: await bind('metrics', metrics, (at) => listen(this.metricsServer, at)),
    };
    await this.loadModels();
    if (loading.signal.aborted) return;
    lifecycle.phase = 'serving';
    this.parts.looseEnds.begin();
    if (options.controlMode === 'poll') this.startPolling();
    // Not before: what was left over is run on the models that it was meant for.
    context.jobs?.start();
    context.log.write('info', 'listening', 'accepting requests', { ...this.bound });
  }

  /**
   * Answers every accepted request, then stops: not ready at once, no new connections after
   * `drainDelaySeconds`, no longer than `drainTimeoutSeconds` after that.
   *
   * @returns whether every accepted request was answered in time.
   */
  drain(): Promise<boolean> {
    const { options, lifecycle } = this.parts;
    // Nobody has been sent to a server that was never ready.
    this.stopping ??= this.stop(lifecycle.phase === 'starting' ? 0 : options.drainDelaySeconds);
    return this.stopping;
  }

  /** Drains without the delay. */
  async close(): Promise<void> {
    this.stopping ??= this.stop(0);
    await this.stopping;
  }

  /** Makes a drain under way stop waiting: requests in the engine finish, those in the queue are refused. */
  hasten(): void {
    this.hurry.abort();
  }

  private async loadModels(): Promise<void> {
    const { options, context, loading } = this.parts;
    const { repository } = context;
    const explicit = options.controlMode === 'explicit';
    const all = !explicit || options.loadModels.includes('*');
    await repository.start(all ? await repository.names() : options.loadModels, loading.signal);
    if (!options.exitOnError || loading.signal.aborted) return;
    const failed = repository.models().filter((entry) => !entry.isReady());
    if (failed.length === 0) return;
    const names = failed.map(({ name }) => name).join(', ');
    throw new StartError(`models failed to load and --exit-on-error is set: ${names}`);
  }

  private startPolling(): void {
    const { options, context } = this.parts;
    let underWay = false;
    this.poll = setInterval(() => {
      if (underWay) return;
      underWay = true;
      context.repository.poll().then(
        () => {
          underWay = false;
        },
        (error: unknown) => {
          underWay = false;
          const reason = error instanceof Error ? error.message : String(error);
          context.log.write('error', 'internal_error', `the repository cannot be read: ${reason}`);
        },
      );
    }, options.pollSeconds * 1000);
  }

  private async stop(delaySeconds: number): Promise<boolean> {
    const { lifecycle, context, access, options, scheduler, loading, tracing } = this.parts;
    lifecycle.phase = 'draining';
    clearInterval(this.poll);
    // A model that is being loaded would serve nobody any more.
    loading.abort();
    context.log.write('info', 'draining', 'stopping; accepted requests are answered');
    await this.wait(delaySeconds);
    context.jobs?.stop();
    const drained = Promise.all([this.http.drain(), this.grpc.drain(), context.jobs?.idle()]).then(
      () => true,
    );
    const inTime = await Promise.race([
      drained,
      this.wait(options.drainTimeoutSeconds).then(() => false),
    ]);
    if (!inTime) {
      const waited = `${options.drainTimeoutSeconds} s`;
      context.log.write('error', 'drain_timeout', `requests were still under way after ${waited}`);
    }
    this.hurry.abort();
    // What still waits for a thread is refused, what runs is answered: a run cannot be cut short
    // without aborting the process.
    await within(
      drainTimes.lastRunsMillis,
      Promise.all([scheduler.close(), drained, context.jobs?.close()]),
    );
    if (!inTime) {
      this.http.close();
      this.grpc.close();
    }
    await context.explainer.close();
    context.seeing.stop();
    this.metricsServer.close();
    this.metricsServer.closeAllConnections();
    await this.parts.steps.close();
    await access.close();
    // A collector that does not answer must not keep a stopped server.
    await within(
      drainTimes.lastSpansMillis,
      tracing?.shutdown().catch(() => undefined),
    );
    context.log.write(
      'info',
      'stopped',
      inTime ? 'every accepted request was answered' : 'cut short',
    );
    return inTime;
  }

  private async wait(seconds: number): Promise<void> {
    const { signal } = this.hurry;
    await setTimeout(seconds * 1000, undefined, { signal }).catch(() => undefined);
  }
}

/** Waits for work, or for the time that it is given to pass. */
async function within(millis: number, work: Promise<unknown> | undefined): Promise<void> {
  const timer = new AbortController();
  const time = setTimeout(millis, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([work, time]);
  timer.abort();
}

async function bind(
  name: string,
  endpoint: Endpoint | undefined,
  start: (endpoint: Endpoint) => Promise<string>,
): Promise<string | undefined> {
  if (endpoint === undefined) return undefined;
  try {
    return await start(endpoint);
  } catch (error) {
    throw bindError(name, endpoint, error);
  }
}
