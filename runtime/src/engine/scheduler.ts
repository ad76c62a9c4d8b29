import { setTimeout } from 'node:timers';
import { errors } from '../errors';
import type { Tensor } from '../protocol/tensor';
import type { RequestSpan } from '../telemetry/tracing';
import { Admission } from './admission';
import type { CostModel } from './cost-model';
import type { InferenceWorker } from './inference-worker';
import { InlineRuns } from './inline-runs';
import type { PendingRun, Priority, RunResult } from './pending-run';
import { bytesOf, joinRows, splitRows } from './rows';
import type { Batch, BatchResult, Outcome } from './run-batch';
import { type Batching, type Taken, VersionQueue } from './version-queue';
import { warmUp, type WarmUp } from './warm-up';
import { WorkerPool } from './worker-pool';

/** Under what terms a request is run. Times are those of `performance.now()`. */
export interface RunTerms {
  /** Aborted: a run that waits is given up; one under way goes on, as nothing can stop it. */
  readonly left?: AbortSignal | undefined;
  /** @default - none */
  readonly deadline?: number | undefined;
  /** @default 1 */
  readonly priority?: Priority | undefined;
}

/** How a version is to be run. */
export interface AdmitOptions {
  /** Inference threads that hold it. @default - all */
  readonly instances?: number | undefined;
  /** @default - each request runs alone */
  readonly batching?: Batching | undefined;
  /** Rows that may be run on the I/O thread, in less than a millisecond. @default - none */
  readonly inlineRows?: number | undefined;
  /** Milliseconds within which a request is to be answered. @default - the scheduler's */
  readonly objectiveMillis?: number | undefined;
  /** What to run before the version answers. @default - nothing */
  readonly warmUp?: WarmUp | undefined;
  /** Told of each run of the engine. */
  readonly onRun?: (execution: Execution) => void;
}

/** One run of the engine. */
export interface Execution {
  /** The requests that shared it. */
  readonly jobs: readonly PendingRun[];
  readonly rows: number;
  /** When it began, as `performance.now()` gives it. */
  readonly begun: number;
  readonly computeMicros: number;
  /** Whether it was on the I/O thread. */
  readonly inline: boolean;
}

export interface SchedulerOptions {
  /** Inference threads. */
  readonly workers: number;
  readonly intraOpThreads: number;
  /** Milliseconds within which a request is to be answered, unless its version says otherwise. */
  readonly objectiveMillis?: number;
  /** Bytes of tensors that may wait. @default 256 MiB */
  readonly maxQueueBytes?: number;
  /** Called when an inference thread was lost; a new one takes its place. */
  readonly onWorkerLost: (error: Error) => void;
  /** What a thread runs. @default - the inference thread of this package */
  readonly threadScript?: string;
}

interface Version {
  /** What waits for a thread. */
  readonly queue: VersionQueue;
  /** What is small enough to be run on the I/O thread. */
  readonly inline: InlineRuns | undefined;
  readonly options: AdmitOptions;
  readonly objectiveMillis: number;
  /** Batches that failed together and not apart. */
  mixedRows: number;
}

interface Finished {
  readonly result: BatchResult;
  readonly cost: CostModel;
  readonly begun: number;
  readonly inline: boolean;
}

/** A share of its objective that one run of a batch may take. */
const shareOfRun = 0.25;

/** Milliseconds of runs on the I/O thread before sockets are looked at again. */
const inlineSliceMillis = 1;

/** Bytes up to which requests are joined here: handing many small buffers over costs more. */
const joinHereBytes = 64 * 1024;

/** So many batches that fail together and not apart, and the version runs requests alone. */
const mixedRowsLimit = 3;

/**
 * Brings requests and inference threads together. What waits when a thread is idle runs at once, as
 * many requests together as pays; a thread never idles while a request that it could run waits.
 * The most urgent request goes first, among equals the version that has had least engine time.
 */
export class Scheduler {
  private readonly pool: WorkerPool;
  private readonly versions = new Map<string, Version>();
  private readonly admission = new Admission();
  private readonly objectiveMillis: number;
  private readonly maxQueueBytes: number;
  private planned = false;
  private hold: NodeJS.Timeout | undefined;

  constructor(options: SchedulerOptions) {
    const { workers, intraOpThreads, onWorkerLost, threadScript } = options;
    this.objectiveMillis = options.objectiveMillis ?? 10_000;
    this.maxQueueBytes = options.maxQueueBytes ?? 256 * 1024 * 1024;
    this.pool = new WorkerPool(
      { size: workers, intraOpThreads, threadScript },
      {
        idle: () => {
          this.dispatch();
        },
        lost: (error) => {
          onWorkerLost(error);
          this.rejectOrphans(error);
        },
      },
    );
  }

  /**
   * Loads a version into the inference threads.
   *
   * @throws Error with the engine's words.
   */
  async admit(key: string, file: string, options: AdmitOptions = {}): Promise<void> {
    const objectiveMillis = options.objectiveMillis ?? this.objectiveMillis;
    const queue = new VersionQueue(key, options.batching, objectiveMillis * shareOfRun);
    const inline =
      options.inlineRows === undefined
        ? undefined
        : new InlineRuns(key, file, options.inlineRows, options.batching);
    this.versions.set(key, { queue, inline, options, objectiveMillis, mixedRows: 0 });
    try {
      await this.pool.admit(key, file, options.instances);
      if (options.warmUp !== undefined) {
        await warmUp(this.pool.holders(key), key, options.warmUp, (inputs) => queue.costOf(inputs));
      }
    } catch (error) {
      this.versions.delete(key);
      inline?.release();
      throw error;
    }
  }

  /** Unloads a version that no request uses any more. */
  async release(key: string): Promise<void> {
    const version = this.versions.get(key);
    this.versions.delete(key);
    version?.inline?.release();
    await this.pool.release(key);
  }

  /**
   * Runs an admitted version.
   *
   * @param span - of the request. @default - it is not traced
   * @throws Error with the engine's words, or ServingError REQUEST_CANCELED, DEADLINE_EXCEEDED,
   *   OVERLOADED or QUEUE_FULL.
   */
  run(
    key: string,
    inputs: readonly Tensor[],
    outputs: readonly string[],
    { left, deadline = Infinity, priority = 1 }: RunTerms = {},
    span?: RequestSpan,
  ): Promise<RunResult> {
    return new Promise((resolve, reject) => {
      const version = this.versions.get(key);
      if (version === undefined || !this.pool.holds(key)) {
        throw new Error('no inference thread holds this version');
      }
      if (left?.aborted === true) throw errors.requestCanceled();
      const rows = version.queue.rowsOf(inputs);
      const queue = version.inline?.takes(rows) === true ? version.inline.queue : version.queue;
      const since = performance.now();
      const bytes = bytesOf(inputs);
      const cost = queue.costOf(inputs);
      const planned = this.admitted(version, queue, cost.estimate(rows), bytes, {
        priority,
        limitMillis: deadline - since,
      });
      if (queue.requests === 0) queue.served = Math.max(queue.served, this.leastServed());
      const settled = (): void => {
        left?.removeEventListener('abort', giveUp);
      };
      const takeOut = queue.push({
        inputs,
        outputs,
        rows,
        bytes,
        priority,
        since,
        deadline,
        span,
        resolve: (result) => {
          settled();
          this.admission.learn(planned, result.queueMicros / 1000);
          resolve(result);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      const giveUp = (): void => {
        if (takeOut()) reject(errors.requestCanceled());
      };
      left?.addEventListener('abort', giveUp, { once: true });
      this.plan();
    });
  }

  /**
   * Refuses a request before anything is read of it, where it would be refused for the load anyway.
   *
   * @throws ServingError OVERLOADED
   */
  checkLoad(key: string, { deadline = Infinity, priority = 1 }: RunTerms = {}): void {
    const version = this.versions.get(key);
    if (version === undefined || version.queue.requests === 0) return;
    const limitMillis = deadline - performance.now();
    this.admitted(version, version.queue, 0, 0, { priority, limitMillis });
  }

  /** Requests of a version that wait for a thread. */
  waiting(key: string): number {
    const version = this.versions.get(key);
    return (version?.queue.requests ?? 0) + (version?.inline?.queue.requests ?? 0);
  }

  /** Ends the threads after the runs in hand; what still waits is rejected. */
  async close(): Promise<void> {
    clearTimeout(this.hold);
    for (const { queue, inline } of this.versions.values()) {
      queue.rejectAll(errors.serverStopping());
      inline?.queue.rejectAll(errors.serverStopping());
    }
    await this.pool.close();
    for (const { inline } of this.versions.values()) inline?.release();
  }

  /** @returns milliseconds that a request will probably wait. @throws ServingError */
  private admitted(
    version: Version,
    queue: VersionQueue,
    runMillis: number,
    bytes: number,
    terms: { readonly priority: Priority; readonly limitMillis: number },
  ): number {
    if (terms.limitMillis <= 0) throw errors.deadlineExceeded();
    let waitingBytes = bytes;
    for (const { queue: other } of this.versions.values()) waitingBytes += other.bytes;
    if (waitingBytes > this.maxQueueBytes) throw errors.queueFull(this.maxQueueBytes);
    const waitMillis =
      queue === version.queue ? this.waitMillis(version, terms.priority) : queue.expectedMillis(0);
    // Nobody waits for what runs in the background.
    const objectiveMillis = terms.priority === 2 ? Infinity : version.objectiveMillis;
    const limitMillis = Math.min(objectiveMillis, terms.limitMillis);
    this.admission.check({ waitMillis, runMillis, limitMillis });
    return waitMillis;
  }

  /** Milliseconds until a request that comes now would have its turn. */
  private waitMillis(version: Version, priority: Priority): number {
    const now = performance.now();
    const threads = this.pool.holders(version.queue.key);
    if (threads.length === 0) return 0;
    let residual = Infinity;
    for (const { busyUntil } of threads)
      residual = Math.min(residual, Math.max(0, busyUntil - now));
    const own = version.queue.expectedMillis(priority);
    let all = 0;
    let sharers = 1;
    for (const other of this.versions.values()) {
      const expected = other.queue.expectedMillis(priority);
      all += expected;
      if (other !== version && expected > 0) sharers++;
    }
    // Versions take turns, so that a long queue of another holds it up for as long as its own at most.
    return residual + Math.min(own * sharers, all) / threads.length;
  }

  /** Engine time of the version that has had least of those that wait: no claim on more is kept. */
  private leastServed(): number {
    let least = Infinity;
    for (const { queue } of this.versions.values()) {
      if (queue.requests > 0) least = Math.min(least, queue.served);
    }
    return least === Infinity ? 0 : least;
  }

  /** Dispatches once all that came in together has been read. */
  private plan(): void {
    if (this.planned) return;
    this.planned = true;
    setImmediate(() => {
      this.planned = false;
      this.dispatch();
    });
  }

  private dispatch(): void {
    this.runInline();
    for (;;) {
      const now = performance.now();
      const version = this.nextVersion(now);
      if (version === undefined) break;
      const idle = this.pool.idleFor(version.queue.key);
      const [worker] = idle;
      const taken = version.queue.take(now, idle.length);
      if (worker === undefined || taken === undefined) break;
      if (taken.jobs.length > 0) this.start(worker, version, taken);
    }
    this.holdBack();
  }

  /** The version whose turn it is, of those that have a thread idle. */
  private nextVersion(now: number): Version | undefined {
    let next: Version | undefined;
    let least = Infinity;
    for (const version of this.versions.values()) {
      const { queue } = version;
      const urgency = queue.urgency(now);
      if (urgency === Infinity || this.pool.idleFor(queue.key).length === 0) continue;
      if (urgency > least) continue;
      if (urgency === least && next !== undefined && queue.served >= next.queue.served) continue;
      [next, least] = [version, urgency];
    }
    return next;
  }

  private start(worker: InferenceWorker, version: Version, { jobs, cost }: Taken): void {
    const begun = performance.now();
    const batch = batchOf(jobs);
    const expected = cost.estimate(rowsIn(batch));
    worker.busyUntil = begun + expected;
    // Counted now, so that a version is not given every thread before its first run ends.
    version.queue.served += expected;
    worker.run(version.queue.key, batch).then(
      (result) => {
        version.queue.served += result.computeMicros / 1000 - expected;
        this.finish(version, jobs, batch, { result, cost, begun, inline: false });
      },
      (error: unknown) => {
        for (const job of jobs) job.reject(error as Error);
      },
    );
  }

  /** Runs small versions here, a slice at a time, so that sockets are never left alone for long. */
  private runInline(): void {
    const end = performance.now() + inlineSliceMillis;
    for (const version of this.versions.values()) {
      const { inline } = version;
      if (inline === undefined) continue;
      for (;;) {
        const begun = performance.now();
        if (begun > end && inline.queue.requests > 0) {
          this.plan();
          return;
        }
        const taken = inline.queue.take(begun, 1);
        if (taken === undefined) break;
        if (taken.jobs.length === 0) continue;
        const { jobs, cost } = taken;
        const batch = batchOf(jobs);
        this.finish(version, jobs, batch, { result: inline.run(batch), cost, begun, inline: true });
      }
    }
  }

  private finish(
    version: Version,
    jobs: readonly PendingRun[],
    batch: Batch,
    { result, cost, begun, inline }: Finished,
  ): void {
    const { outcome, computeMicros } = result;
    const rows = rowsIn(batch);
    version.options.onRun?.({ jobs, rows, begun, computeMicros, inline });
    if (outcome.kind === 'together') {
      cost.learn(rows, computeMicros / 1000);
      const outputs = splitRows(outcome.outputs, batch.rows);
      for (const [i, job] of jobs.entries()) {
        const queueMicros = (begun - job.since) * 1000;
        job.resolve({ outputs: outputs[i] ?? [], queueMicros, computeMicros });
      }
      return;
    }
    this.noteMixedRows(version, outcome.outcomes);
    for (const [i, job] of jobs.entries()) {
      const one = outcome.outcomes[i];
      const queueMicros = (begun - job.since) * 1000;
      if (one?.ok === true) job.resolve({ outputs: one.outputs, queueMicros, computeMicros });
      else job.reject(new Error(one?.error ?? 'the engine gave no answer'));
    }
  }

  /** Requests that fail together and not apart: the model does not keep their rows apart. */
  private noteMixedRows(version: Version, outcomes: readonly Outcome[]): void {
    if (outcomes.length === 1 || outcomes.some(({ ok }) => !ok)) return;
    if (++version.mixedRows < mixedRowsLimit) return;
    version.queue.stopBatching();
    version.inline?.queue.stopBatching();
  }

  /** Wakes up for requests that are held back for others to join them. */
  private holdBack(): void {
    clearTimeout(this.hold);
    const now = performance.now();
    let millis = Infinity;
    for (const { queue } of this.versions.values()) {
      if (this.pool.idleFor(queue.key).length > 0) millis = Math.min(millis, queue.heldFor(now));
    }
    if (millis === Infinity) return;
    this.hold = setTimeout(() => {
      this.dispatch();
    }, Math.ceil(millis));
  }

  /** What waits for a version that no thread holds any more would wait for ever. */
  private rejectOrphans(error: Error): void {
    for (const { queue } of this.versions.values()) {
      if (!this.pool.holds(queue.key)) queue.rejectAll(error);
    }
  }
}

function batchOf(jobs: readonly PendingRun[]): Batch {
  const parts = jobs.map(({ inputs }) => inputs);
  let bytes = 0;
  for (const job of jobs) bytes += job.bytes;
  return {
    parts: bytes <= joinHereBytes ? [joinRows(parts)] : parts,
    rows: jobs.map(({ rows }) => rows),
    outputs: jobs[0]?.outputs ?? [],
  };
}

function rowsIn({ rows }: Batch): number {
  let sum = 0;
  for (const count of rows) sum += count;
  return sum;
}
