import { errors } from '../errors';
import type { Tensor } from '../protocol/tensor';
import { Fifo } from './fifo';
import type { InferenceWorker } from './inference-worker';
import { WorkerPool } from './worker-pool';

/** What a run gave, and how long it waited and ran. */
export interface RunResult {
  readonly outputs: readonly Tensor[];
  readonly queueMicros: number;
  readonly computeMicros: number;
}

interface Waiting {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly string[];
  readonly since: bigint;
  readonly callerLeft: AbortSignal | undefined;
  /** Listens to `callerLeft` for as long as the run waits. */
  giveUp?: () => void;
  readonly resolve: (result: RunResult) => void;
  readonly reject: (error: Error) => void;
}

interface Queue {
  readonly key: string;
  readonly waiting: Fifo<Waiting>;
}

export interface SchedulerOptions {
  /** Inference threads. */
  readonly workers: number;
  readonly intraOpThreads: number;
  /** Called when an inference thread was lost; a new one takes its place. */
  readonly onWorkerLost: (error: Error) => void;
  /** What a thread runs. @default - the inference thread of this package */
  readonly threadScript?: string;
}

/**
 * Hands requests to inference threads: at once where one that holds the version is idle, otherwise
 * first come, first served per version, the versions taking turns. A thread never idles while a
 * request that it could run waits.
 */
export class Scheduler {
  private readonly pool: WorkerPool;
  private readonly queues = new Map<string, Queue>();
  /** Queues with requests waiting, the one whose turn it is first. */
  private turns: Queue[] = [];

  constructor({ workers, intraOpThreads, onWorkerLost, threadScript }: SchedulerOptions) {
    this.pool = new WorkerPool(
      { size: workers, intraOpThreads, threadScript },
      {
        idle: (worker) => {
          this.next(worker);
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
  async admit(key: string, file: string, instances?: number): Promise<void> {
    this.queues.set(key, { key, waiting: new Fifo() });
    try {
      await this.pool.admit(key, file, instances);
    } catch (error) {
      this.queues.delete(key);
      throw error;
    }
  }

  /** Unloads a version that no request uses any more. */
  async release(key: string): Promise<void> {
    this.queues.delete(key);
    await this.pool.release(key);
  }

  /**
   * Runs an admitted version.
   *
   * @param callerLeft - aborted: a run that waits is given up; one that is under way goes on, as
   *   nothing can stop it.
   * @throws Error with the engine's words, or ServingError REQUEST_CANCELED.
   */
  run(
    key: string,
    inputs: readonly Tensor[],
    outputs: readonly string[],
    callerLeft?: AbortSignal,
  ): Promise<RunResult> {
    return new Promise((resolve, reject) => {
      const queue = this.queues.get(key);
      if (queue === undefined || !this.pool.holds(key)) {
        reject(new Error('no inference thread holds this version'));
        return;
      }
      if (callerLeft?.aborted === true) {
        reject(errors.requestCanceled());
        return;
      }
      const since = process.hrtime.bigint();
      const waiting: Waiting = { inputs, outputs, since, callerLeft, resolve, reject };
      const worker = queue.waiting.length === 0 ? this.pool.idleFor(key) : undefined;
      if (worker !== undefined) {
        this.start(worker, key, waiting);
        return;
      }
      this.enqueue(queue, waiting);
    });
  }

  /** Requests of a version that wait for a thread. */
  waiting(key: string): number {
    return this.queues.get(key)?.waiting.length ?? 0;
  }

  /** Ends the threads after the runs in hand; what still waits is rejected. */
  async close(): Promise<void> {
    for (const { waiting } of this.turns) reject(waiting, errors.serverStopping());
    this.turns = [];
    await this.pool.close();
  }

  private enqueue(queue: Queue, job: Waiting): void {
    if (queue.waiting.length === 0) this.turns.push(queue);
    const takeOut = queue.waiting.push(job);
    job.giveUp = () => {
      takeOut();
      if (queue.waiting.length === 0) this.turns = this.turns.filter((other) => other !== queue);
      job.reject(errors.requestCanceled());
    };
    job.callerLeft?.addEventListener('abort', job.giveUp, { once: true });
  }

  private next(worker: InferenceWorker): void {
    const place = this.turns.findIndex(({ key }) => worker.sessions.has(key));
    const queue = this.turns[place];
    if (queue === undefined) return;
    this.turns.splice(place, 1);
    const waiting = take(queue.waiting);
    if (queue.waiting.length > 0) this.turns.push(queue);
    if (waiting !== undefined) this.start(worker, queue.key, waiting);
  }

  private start(worker: InferenceWorker, key: string, job: Waiting): void {
    const queueMicros = Number((process.hrtime.bigint() - job.since) / 1000n);
    worker.run(key, job.inputs, job.outputs).then(({ outputs, computeMicros }) => {
      job.resolve({ outputs, queueMicros, computeMicros });
    }, job.reject);
  }

  /** What waits for a version that no thread holds any more would wait for ever. */
  private rejectOrphans(error: Error): void {
    const orphans = this.turns.filter(({ key }) => !this.pool.holds(key));
    this.turns = this.turns.filter(({ key }) => this.pool.holds(key));
    for (const { waiting } of orphans) reject(waiting, error);
  }
}

/** The first run that waits; from here on it is not given up any more. */
function take(waiting: Fifo<Waiting>): Waiting | undefined {
  const job = waiting.shift();
  if (job?.giveUp !== undefined) job.callerLeft?.removeEventListener('abort', job.giveUp);
  return job;
}

function reject(waiting: Fifo<Waiting>, error: Error): void {
  for (let job = take(waiting); job !== undefined; job = take(waiting)) job.reject(error);
}
