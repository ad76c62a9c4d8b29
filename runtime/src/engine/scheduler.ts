import { setTimeout } from 'node:timers';
import type { LeaveSignal } from '../call';
import { errors, ServingError } from '../errors';
import type { Tensor } from '../protocol/tensor';
import type { Priority } from '../protocol/urgency';
import type { RequestSpan } from '../telemetry/tracing';
import { Admission, type Load } from './admission';
import type { CostModel } from './cost-model';
import { finish } from './finish';
import type { InferenceWorker } from './inference-worker';
import { InlineRuns } from './inline-runs';
import { Linger } from './linger';
import type { PendingRun, RunResult } from './pending-run';
import { bytesOf, joinRows } from './rows';
import type { Batch } from './run-batch';
import { Turns } from './turns';
import { type EngineVersion, type Execution, queueFor } from './version';
import { type Batching, type Taken, VersionQueue } from './version-queue';
import { warmUp, type WarmUp } from './warm-up';
import { WorkerPool } from './worker-pool';

/** Under what terms a request is run. Times are those of `performance.now()`. */
export interface RunTerms {
  /** Aborted: a run that waits is given up; one under way goes on, as nothing can stop it. */
  readonly left?: LeaveSignal | undefined;
  /** @default - none */
  readonly deadline?: number | undefined;
  /** @default 1 */
  readonly priority?: Priority | undefined;
}

/** How a version is to be run. */
export interface AdmitOptions {
  /** The file's graph as the engine optimized it before. @default - it is optimized at load */
  readonly graph?: string | undefined;
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

export interface SchedulerOptions {
  /** Inference threads. */
  readonly workers: number;
  readonly intraOpThreads: number;
  /** Milliseconds within which a request is to be answered, unless its version says otherwise. */
  readonly objectiveMillis?: number;
  /** Bytes of tensors that may wait. @default 256 MiB */
  readonly maxQueueBytes?: number;
  /** Milliseconds after which a run is given up, and its thread replaced. @default 60,000 */
  readonly runLimitMillis?: number;
  /** Called when an inference thread was lost; a new one takes its place. */
  readonly onWorkerLost: (error: Error) => void;
  /** Called when so many threads are stuck in runs that only a new process helps. @default - nobody */
  readonly onStuck?: () => void;
  /** What a thread runs. @default - the inference thread of this package */
  readonly threadScript?: string;
}

/** What a request asks for, as far as admission looks at it. */
interface Asked {
  readonly rows: number;
  readonly terms: RunTerms;
}

/** A share of its objective that one run of a batch may take. */
const shareOfRun = 0.25;

/** Share of its objective that a request may spend here; the rest is for the way of its answer. */
const shareHere = 0.9;

/** Milliseconds of runs on the I/O thread before sockets are looked at again. */
const inlineSliceMillis = 1;

/** Bytes up to which requests are joined here: handing many small buffers over costs more. */
const joinHereBytes = 64 * 1024;

/**
 * Brings requests and inference threads together. What waits when a thread is idle runs at once, as
 * many requests together as pays; a thread never idles while a request that it could run waits.
 * The most urgent request goes first, among equals the version that has had least engine time.
 */
export class Scheduler {
  private readonly pool: WorkerPool;
  private readonly versions = new Map<string, EngineVersion>();
  private readonly turns = new Turns();
  private readonly admission = new Admission();
  private readonly linger = new Linger();
  private readonly objectiveMillis: number;
  private readonly maxQueueBytes: number;
  /** Versions with requests waiting for the I/O thread. */
  private readonly inlineWaiting = new Set<EngineVersion>();
  private planned = false;
  private closed = false;
  private hold: NodeJS.Timeout | undefined;

  constructor(options: SchedulerOptions) {
    const { workers, intraOpThreads, onWorkerLost, threadScript, onStuck } = options;
    this.objectiveMillis = options.objectiveMillis ?? 10_000;
    this.maxQueueBytes = options.maxQueueBytes ?? 256 * 1024 * 1024;
    this.pool = new WorkerPool(
      {
        size: workers,
        intraOpThreads,
        threadScript,
        runLimitMillis: options.runLimitMillis ?? 60_000,
      },
      {
        stuck: onStuck ?? (() => undefined),
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
   * Loads a version into the inference threads, and runs it once in each.
   *
   * @throws Error with the engine's words.
   */
  async admit(key: string, file: string, options: AdmitOptions = {}): Promise<void> {
    const { batching, inlineRows, instances, warmUp: toWarmUp, graph } = options;
    const source = { file, graph };
    const objectiveMillis = options.objectiveMillis ?? this.objectiveMillis;
    const queue = new VersionQueue(key, batching, objectiveMillis * shareOfRun);
    const inline =
      inlineRows === undefined ? undefined : new InlineRuns(key, source, inlineRows, batching);
    const onRun = options.onRun ?? (() => undefined);
    this.versions.set(key, { queue, inline, objectiveMillis, onRun, mixedRows: 0 });
    try {
      await this.pool.admit(key, source, instances);
    } catch (error) {
      this.versions.delete(key);
      inline?.release();
      throw error;
    }
    if (toWarmUp === undefined) return;
    await warmUp(this.pool.holders(key), queue, toWarmUp);
    await inline?.warmUp(toWarmUp);
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
    terms: RunTerms = {},
    span?: RequestSpan,
  ): Promise<RunResult> {
    return new Promise((resolve, reject) => {
      const version = this.versions.get(key);
      if (version === undefined || !this.pool.holds(key)) {
        throw new Error('no inference thread holds this version');
      }
      if (this.closed) throw errors.serverStopping();
      const { left, deadline = Infinity, priority = 1 } = terms;
      if (left?.aborted === true) throw errors.requestCanceled();
      const queue = queueFor(version, inputs);
      const rows = queue.rowsOf(inputs);
      const bytes = bytesOf(inputs);
      if (bytes + this.turns.bytes() > this.maxQueueBytes) {
        throw errors.queueFull(this.maxQueueBytes);
      }
      const load = this.checkTime(version, queue, queue.costOf(inputs), { rows, terms });
      const since = performance.now();
      const takeOut = queue.push({
        inputs,
        outputs,
        rows,
        bytes,
        priority,
        since,
        deadline,
        span,
        objective: since + load.limitMillis,
        resolve: (result) => {
          left?.removeEventListener('abort', giveUp);
          this.admission.learn(load, (result.queueMicros + result.computeMicros) / 1000);
          resolve(result);
        },
        reject: (error) => {
          left?.removeEventListener('abort', giveUp);
          const code = error instanceof ServingError ? error.code : undefined;
          if (code === 'DEADLINE_EXCEEDED') this.admission.learnExpired(load);
          // What had to make room would have been late, by how much nobody knows.
          else
            this.admission.learn(
              load,
              code === 'OVERLOADED' ? Infinity : performance.now() - since,
            );
          reject(error);
        },
      });
      const giveUp = (): void => {
        if (!takeOut()) return;
        this.turns.update(version);
        reject(errors.requestCanceled());
      };
      left?.addEventListener('abort', giveUp);
      if (queue === version.queue) this.turns.add(version);
      else this.inlineWaiting.add(version);
      this.plan();
    });
  }

  /**
   * Refuses a request before anything is read of it, where it would be refused for the load anyway.
   *
   * @throws ServingError OVERLOADED or DEADLINE_EXCEEDED
   */
  checkLoad(key: string, terms: RunTerms = {}): void {
    const version = this.versions.get(key);
    if (version === undefined || version.queue.requests === 0) return;
    this.checkTime(version, version.queue, version.queue.lastCost, { rows: 1, terms });
  }

  /** Requests of a version that wait for a thread. */
  waiting(key: string): number {
    const version = this.versions.get(key);
    return (version?.queue.requests ?? 0) + (version?.inline?.queue.requests ?? 0);
  }

  /** Ends the threads after the runs in hand; what still waits is rejected. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.hold);
    for (const { queue, inline } of this.versions.values()) {
      queue.rejectAll(errors.serverStopping());
      inline?.queue.rejectAll(errors.serverStopping());
    }
    await this.pool.close();
    for (const { inline } of this.versions.values()) inline?.release();
  }

  /** @returns what a request has to expect. @throws ServingError */
  private checkTime(
    version: EngineVersion,
    queue: VersionQueue,
    cost: CostModel | undefined,
    { rows, terms: { deadline = Infinity, priority = 1 } }: Asked,
  ): Load {
    const left = deadline - performance.now();
    if (left <= 0) throw errors.deadlineExceeded();
    // Nobody waits for what runs in the background.
    const objectiveMillis = priority === 2 ? Infinity : version.objectiveMillis;
    const waitMillis =
      queue === version.queue ? this.waitMillis(version, priority) : queue.expectedMillis(2);
    // Whatever has to wait is run with what comes after it.
    const together = waitMillis === 0 ? rows : Math.max(rows, cost?.cap() ?? 1);
    const load = {
      waitMillis,
      runMillis: cost?.estimate(together) ?? 0,
      limitMillis: Math.min(objectiveMillis, left) * shareHere,
    };
    this.admission.check(load);
    return load;
  }

  /** Milliseconds until a request that comes now has its turn. */
  private waitMillis(version: EngineVersion, priority: Priority): number {
    const threads = this.pool.holders(version.queue.key);
    if (threads.length === 0) return 0;
    const now = performance.now();
    let firstIdle = Infinity;
    for (const { busyUntil } of threads) firstIdle = Math.min(firstIdle, busyUntil - now);
    return Math.max(0, firstIdle) + this.turns.millisAhead(version, priority) / threads.length;
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
    if (this.inlineWaiting.size > 0) this.runInline();
    const idle = ({ queue }: EngineVersion): readonly InferenceWorker[] =>
      this.pool.idleFor(queue.key);
    for (;;) {
      const now = performance.now();
      const version = this.turns.next(now, (one) => idle(one).length > 0);
      if (version === undefined) break;
      const threads = idle(version);
      const [thread] = threads;
      const taken = version.queue.take(now, threads.length);
      this.turns.update(version);
      if (thread === undefined || taken === undefined) break;
      if (taken.jobs.length > 0) this.start(thread, version, taken);
    }
    const millis = this.turns.heldFor(performance.now(), (one) => idle(one).length > 0);
    clearTimeout(this.hold);
    if (millis !== Infinity) {
      this.hold = setTimeout(() => {
        this.dispatch();
      }, Math.ceil(millis));
    }
  }

  private start(worker: InferenceWorker, version: EngineVersion, { jobs, cost }: Taken): void {
    const begun = performance.now();
    const batch = batchOf(jobs);
    const expected = cost.estimate(rowsIn(batch));
    worker.busyUntil = begun + expected;
    // Counted now, so that a version is not given every thread before its first run ends.
    version.queue.served += expected;
    worker.run(version.queue.key, batch).then(
      (result) => {
        version.queue.served += result.computeMicros / 1000 - expected;
        finish(version, jobs, batch, { result, cost, begun, inline: false });
      },
      (error: unknown) => {
        for (const job of jobs) job.reject(error as Error);
      },
    );
  }

  /** Runs small versions here, a slice at a time, so that sockets are never left alone for long. */
  private runInline(): void {
    const end = performance.now() + inlineSliceMillis;
    for (const version of this.inlineWaiting) {
      const { inline } = version;
      if (inline === undefined) continue;
      for (let begun = performance.now(); ; begun = performance.now()) {
        if (begun > end) {
          this.plan();
          return;
        }
        const taken = inline.queue.take(begun, 1);
        if (taken === undefined) break;
        const { jobs, cost } = taken;
        if (jobs.length === 0) continue;
        const batch = batchOf(jobs);
        finish(version, jobs, batch, { result: inline.run(batch), cost, begun, inline: true });
      }
      this.inlineWaiting.delete(version);
    }
    this.linger.begin();
  }

  /** What waits for a version that no thread holds any more would wait for ever. */
  private rejectOrphans(error: Error): void {
    for (const version of this.versions.values()) {
      if (this.pool.holds(version.queue.key)) continue;
      version.queue.rejectAll(error);
      this.turns.update(version);
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
