import { createHash, randomUUID } from 'node:crypto';
import { jobDefaults, type JobsConfig, logFields } from '@manara/contract';
import type { Caller } from '../call';
import { errors } from '../errors';
import type { ServerLog } from '../telemetry/logger';
import type { Job, JobKind, JobRequest, StoredReply } from './job';
import { type JobExecutor, JobRunner, type RunnerSettings } from './runner';
import type { JobPage, JobStore } from './store';
import { checkCallback } from './webhook/allowed';
import { Deliverer } from './webhook/deliverer';

/** Milliseconds between looks at what has expired. */
const sweepMillis = 5000;

const defaults = { retrySeconds: jobDefaults.webhookRetrySeconds } as const;

export interface JobSettings extends RunnerSettings {
  /** @default - no events are sent */
  readonly webhook?: JobsConfig['webhook'];
}

/** What a caller asks to be done later. */
export interface Order {
  readonly caller: Caller;
  readonly request: JobRequest;
  readonly input: Uint8Array;
  readonly callback: string | undefined;
  /** @default - every order is a job of its own */
  readonly idempotencyKey: string | undefined;
  /** What, with the input and the callback, makes it the same order as another of its key. */
  readonly sameness: string;
}

/** An order that was accepted. */
export interface Accepted {
  readonly job: Pick<Job, 'id'>;
  /** Whether the job was there already, for an order with the same key. */
  readonly isReplay: boolean;
}

/** The jobs of a server's callers. */
export class Jobs {
  private readonly runner: JobRunner;
  private readonly deliverer: Deliverer | undefined;
  private sweeper: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: JobStore,
    private readonly executors: Readonly<Record<JobKind, JobExecutor>>,
    private readonly settings: JobSettings,
    private readonly log: ServerLog,
  ) {
    const { webhook } = settings;
    this.deliverer = webhook && new Deliverer(store, { ...defaults, ...webhook }, log);
    this.runner = new JobRunner(store, executors, settings, log, (job) => {
      this.deliverer?.wake();
      void this.release(job, false);
    });
  }

  start(): void {
    this.runner.start();
    this.deliverer?.start();
    this.sweeper = setInterval(() => void this.sweep(), sweepMillis);
    this.sweeper.unref();
  }

  /**
   * Accepts an order. It is on disk once this resolves.
   *
   * @throws ServingError JOB_STORE_FULL, JOB_STORE_AWAY, CALLBACK_REFUSED or IDEMPOTENCY_MISMATCH.
   */
  async accept({
    caller,
    request,
    input,
    callback,
    idempotencyKey,
    sameness,
  }: Order): Promise<Accepted> {
    if (callback !== undefined) checkCallback(callback, this.settings.webhook?.allow);
    const id = idempotencyKey === undefined ? randomUUID() : jobId(caller, idempotencyKey);
    const fingerprint = digest(JSON.stringify([sameness, callback]), input);
    const createdAt = Date.now();
    const there = await this.store.add({
      id,
      caller: caller.id,
      request,
      fingerprint,
      createdAt,
      callback,
      input,
    });
    if (there === undefined) {
      this.runner.wake();
      return { job: { id }, isReplay: false };
    }
    if (there.fingerprint === fingerprint) return { job: there, isReplay: true };
    throw errors.idempotencyMismatch(idempotencyKey ?? id);
  }

  /** @throws ServingError JOB_UNKNOWN, also for the jobs of others. */
  async find(caller: Caller, id: string): Promise<Job> {
    const job = await this.store.get(id);
    if (job?.caller !== caller.id) throw errors.jobUnknown(id);
    return job;
  }

  /** The youngest first. */
  list(caller: Caller, limit: number, after?: string): Promise<JobPage> {
    return this.store.list(caller.id, limit, after);
  }

  /**
   * What the synchronous call would have been answered.
   *
   * @throws ServingError JOB_UNKNOWN, JOB_NOT_OVER, JOB_CANCELED or JOB_EXPIRED.
   */
  async result(caller: Caller, id: string): Promise<StoredReply> {
    const { state } = await this.find(caller, id);
    const result = await this.store.result(id);
    if (result !== undefined) return result;
    if (state === 'canceled') throw errors.jobCanceled(id);
    if (state === 'queued' || state === 'running') throw errors.jobNotOver(id, state);
    throw errors.jobExpired(id, this.settings.resultTtlSeconds);
  }

  /** @throws ServingError JOB_UNKNOWN or JOB_OVER. */
  async cancel(caller: Caller, id: string): Promise<Job> {
    await this.find(caller, id);
    const now = Date.now();
    const canceled = await this.store.cancel(id, now, now + this.settings.resultTtlSeconds * 1000);
    const job = await this.find(caller, id);
    if (!canceled) throw errors.jobOver(id, job.state);
    this.runner.cancel(id);
    // One that runs is released when it ends.
    if (job.startedAt === undefined) await this.release(job, false);
    this.deliverer?.wake();
    return job;
  }

  /** Takes no more jobs from the queue. */
  stop(): void {
    clearInterval(this.sweeper);
    this.runner.stop();
  }

  /** Resolves once no job runs. */
  idle(): Promise<void> {
    return this.runner.idle();
  }

  /** Gives back what does not run yet, stores what does, and closes the store. */
  async close(): Promise<void> {
    this.stop();
    await this.runner.close();
    await this.deliverer?.close();
    await this.store.close();
  }

  private async release(job: Job, isExpired: boolean): Promise<void> {
    try {
      await this.executors[job.request.kind].release(job, isExpired);
    } catch (error) {
      this.log.write('error', 'internal_error', error instanceof Error ? error.message : '');
    }
  }

  private async sweep(): Promise<void> {
    try {
      const keepMillis = this.settings.resultTtlSeconds * 1000;
      const { expired } = await this.store.sweep(Date.now(), keepMillis);
      for (const id of expired) {
        const job = await this.store.get(id);
        if (job !== undefined) await this.release(job, true);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.log.write('error', 'job_store_failed', 'what has expired could not be taken away', {
        [logFields.error]: reason,
      });
    }
  }
}

/** The same key of the same caller is the same job, whichever server is asked, and after any crash. */
export function jobId({ id }: Caller, key: string): string {
  const hex = digest(JSON.stringify([id, key]));
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    // Version 8: made by a rule of one's own. Source: RFC 9562.
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

function digest(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
