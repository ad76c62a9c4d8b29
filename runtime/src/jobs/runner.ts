import { setTimeout } from 'node:timers/promises';
import { logFields } from '@manara/contract';
import { asServingError, errors, ServingError } from '../errors';
import type { ServerLog } from '../telemetry/logger';
import {
  type Ending,
  isOver,
  type Job,
  type JobKind,
  type Progress,
  type StoredReply,
} from './job';
import type { OrdererOf } from './orderer';
import type { JobStore } from './store';
import { JobTerms } from './terms';
import { detailOf } from '../thrown';

/** A job that runs, as the executor of its kind sees it. */
export interface JobWork {
  readonly job: Job;
  readonly input: Uint8Array;
  /** `left` is aborted where the result will not be taken: canceled, or the server stops. */
  readonly terms: JobTerms;
  /** Says how far the job is; kept within seconds. */
  readonly report: (progress: Progress) => Promise<void>;
}

/** Runs the jobs of one kind. */
export interface JobExecutor {
  /** Whether a job goes on where it was interrupted, so that a stop of the server need not wait for it. */
  readonly isResumable: boolean;
  /** @throws ServingError what the job fails with */
  run(work: JobWork): Promise<StoredReply>;
  /** Called once a job is over, and once more when its result has expired. */
  release(job: Job, isExpired: boolean): Promise<void>;
  close(): Promise<void>;
}

export interface RunnerSettings {
  /** Jobs that run at once. */
  readonly concurrency: number;
  readonly resultTtlSeconds: number;
  readonly maxAttempts: number;
  readonly retrySeconds: number;
  readonly ordererOf: OrdererOf;
}

/** Milliseconds between looks at the queue, which other servers may fill too. */
const pollMillis = 500;

/** Milliseconds between signs of life of a job that runs. */
const reportMillis = 5000;

/** Milliseconds between tries to store a result. */
const storeAgainMillis = { least: 200, most: 10_000 };

/** Milliseconds between runs of a job that fails for a passing reason. */
const runAgainMillis = { least: 1000, most: 60_000 };

/**
 * Results that wait for room do not keep other jobs from running, as long as they take no more memory than
 * this; each counts as much at least as a job that runs may need.
 */
const waitingBytes = { most: 64 * 1024 ** 2, leastEach: 256 * 1024 };

interface Running {
  readonly kind: JobKind;
  readonly left: AbortController;
  readonly done: Promise<void>;
}

/** Takes jobs from the store and runs them, a few at a time. */
export class JobRunner {
  private readonly running = new Map<string, Running>();
  /** Bytes of the results that wait for the store without holding a place, by job. */
  private readonly waiting = new Map<string, number>();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private filling: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly store: JobStore,
    private readonly executors: Readonly<Record<JobKind, JobExecutor>>,
    private readonly settings: RunnerSettings,
    private readonly log: ServerLog,
    /** Called once a job is over. */
    private readonly onOver: (job: Job) => void,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.wake();
    }, pollMillis);
    this.timer.unref();
    this.wake();
  }

  /** Looks at the queue: something was added, or a place is free. */
  wake(): void {
    this.again = true;
    this.filling ??= this.fill().finally(() => {
      this.filling = undefined;
    });
  }

  /** Ends the wait of a job that was canceled. */
  cancel(id: string): void {
    this.running.get(id)?.left.abort();
  }

  /** Takes no more jobs. Those that run may end until `close`. */
  stop(): void {
    clearInterval(this.timer);
    this.stopping.abort();
    for (const { kind, left } of this.running.values()) {
      if (this.executors[kind].isResumable) left.abort();
    }
  }

  /** Resolves once no job runs. */
  async idle(): Promise<void> {
    await this.filling;
    await Promise.all([...this.running.values()].map(({ done }) => done));
  }

  /** Gives back to the queue what waits for its turn in the engine; what runs there ends first. */
  async close(): Promise<void> {
    this.stop();
    await this.filling;
    for (const { left } of this.running.values()) left.abort();
    await this.idle();
    for (const executor of Object.values(this.executors)) await executor.close();
  }

  private async fill(): Promise<void> {
    while (this.again) {
      this.again = false;
      while (!this.stopping.signal.aborted && this.hasPlace()) {
        // A store that is away is asked again at the next look.
        const job = await this.store.take(Date.now()).catch(() => undefined);
        if (job === undefined) break;
        this.begin(job);
      }
    }
  }

  private hasPlace(): boolean {
    return this.running.size - this.waiting.size < this.settings.concurrency;
  }

  /** Gives the place of a job away whose result waits for the store. */
  private giveWay({ id }: Job, { byteLength }: Uint8Array): void {
    const { most, leastEach } = waitingBytes;
    const bytes = Math.max(leastEach, byteLength);
    const held = [...this.waiting.values()].reduce((sum, each) => sum + each, 0);
    if (this.waiting.has(id) || held + bytes > most) return;
    this.waiting.set(id, bytes);
    this.wake();
  }

  private begin(job: Job): void {
    const left = new AbortController();
    const done = this.complete(job, left).finally(() => {
      this.running.delete(job.id);
      this.waiting.delete(job.id);
      if (!this.stopping.signal.aborted) this.wake();
    });
    this.running.set(job.id, { kind: job.request.kind, left, done });
  }

  private async complete(job: Job, left: AbortController): Promise<void> {
    let progress: Progress | undefined;
    const report = async (): Promise<void> => {
      const goesOn = await this.store.report(job.id, progress).catch(() => true);
      if (!goesOn) left.abort();
    };
    const alive = setInterval(() => void report(), reportMillis);
    try {
      await this.settle(job, left.signal, async (now) => {
        progress = now;
        await report();
      });
    } finally {
      clearInterval(alive);
    }
  }

  private async settle(
    job: Job,
    left: AbortSignal,
    report: (progress: Progress) => Promise<void>,
  ): Promise<void> {
    const ended = await this.run(job, left, report).catch((thrown: unknown) => {
      const error = this.named(job, thrown);
      return this.isPassing(job, error) ? error : failed(error);
    });
    const isAnswered = !(ended instanceof ServingError) && ended.state === 'succeeded';
    if (!isAnswered && left.aborted && !this.stopping.signal.aborted) return this.leave(job);
    if (ended instanceof ServingError) {
      await this.storeAtLast(() => this.store.putBack(job.id, Date.now() + this.delay(job, ended)));
      return;
    }
    const at = Date.now();
    const expiresAt = at + this.settings.resultTtlSeconds * 1000;
    const store = (): Promise<unknown> => this.store.finish(job.id, { ...ended, at, expiresAt });
    await this.storeAtLast(store, () => {
      this.giveWay(job, ended.reply.body);
    });
    this.onOver(job);
  }

  /**
   * Leaves a job that was canceled, or taken for lost and handed on, as it is: that this server was made to
   * give up is no result, and where another runs the job, its files are in use.
   */
  private async leave(job: Job): Promise<void> {
    const now = await this.store.get(job.id).catch(() => job);
    if (now === undefined || isOver(now.state)) this.onOver(job);
  }

  private async run(
    job: Job,
    left: AbortSignal,
    report: (progress: Progress) => Promise<void>,
  ): Promise<Pick<Ending, 'state' | 'reply' | 'failure'>> {
    if (job.attempts > this.settings.maxAttempts) throw errors.jobAbandoned(job.attempts - 1);
    const input = await this.store.input(job.id);
    // Canceled between being taken and being looked at: nothing will be stored either.
    if (input === undefined) throw errors.requestCanceled();
    const terms = new JobTerms(job, this.settings.ordererOf(job), left);
    const reply = await this.executors[job.request.kind].run({ job, input, terms, report });
    return { state: 'succeeded', reply, failure: undefined };
  }

  private named(job: Job, thrown: unknown): ServingError {
    if (!(thrown instanceof ServingError)) {
      this.log.write('error', 'internal_error', detailOf(thrown), {
        [logFields.model]: job.request.model,
      });
    }
    return asServingError(thrown);
  }

  /** Whether the same run may go well later; a stop of the server is no fault of the job. */
  private isPassing({ createdAt }: Job, { httpStatus }: ServingError): boolean {
    if (this.stopping.signal.aborted && [499, 503].includes(httpStatus)) return true;
    const age = Date.now() - createdAt;
    return [429, 503].includes(httpStatus) && age < this.settings.retrySeconds * 1000;
  }

  /** Longer the older the job is, so that a model that is gone for long is not asked all the time. */
  private delay({ createdAt }: Job, { retryAfterSeconds = 0 }: ServingError): number {
    if (this.stopping.signal.aborted) return 0;
    const { least, most } = runAgainMillis;
    const byAge = Math.min(most, Math.max(least, (Date.now() - createdAt) / 2));
    return Math.max(byAge, retryAfterSeconds * 1000);
  }

  /**
   * Writes once the store, which may be full or away, takes it.
   *
   * @param waits - called after each try that failed. @default - nobody needs to know
   */
  private async storeAtLast(write: () => Promise<unknown>, waits?: () => void): Promise<void> {
    for (let wait = storeAgainMillis.least; ; wait = Math.min(wait * 2, storeAgainMillis.most)) {
      try {
        await write();
        return;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.log.write('error', 'job_store_failed', 'a result waits for the store of jobs', {
          [logFields.error]: reason,
        });
        // The job is marked as running, and will be run again by whoever finds it so.
        if (this.stopping.signal.aborted) return;
        waits?.();
        const { signal } = this.stopping;
        await setTimeout(wait, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}

function failed(error: ServingError): Pick<Ending, 'state' | 'reply' | 'failure'> {
  const { code, httpStatus, message } = error;
  const body = Buffer.from(JSON.stringify({ error: message, code }));
  const reply = { status: httpStatus, headers: { 'content-type': 'application/json' }, body };
  return { state: 'failed', reply, failure: { code, message } };
}
