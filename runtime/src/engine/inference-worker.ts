import { Worker } from 'node:worker_threads';
import {
  transferable,
  type WorkerReply,
  type WorkerRequest,
  type WorkerSettings,
} from './messages';
import type { Batch, BatchResult } from './run-batch';
import type { ModelSource } from './session';

type Success = Extract<WorkerReply, { ok: true }>;
interface Job {
  readonly request: WorkerRequest;
  readonly resolve: (reply: Success) => void;
  readonly reject: (error: Error) => void;
}

/** Called as a worker's state changes. */
export interface WorkerEvents {
  /** The worker can take a run. */
  readonly idle: (worker: InferenceWorker) => void;
  /** The thread ended by itself: out of memory, or a fault of ours. */
  readonly lost: (worker: InferenceWorker, error: Error) => void;
}

/** One inference thread, seen from the I/O thread. It does one thing at a time. */
export class InferenceWorker {
  /** Keys of the versions that this worker holds a session of. */
  readonly sessions = new Set<string>();
  /** When the run in hand will probably end, as `performance.now()` gives it. */
  busyUntil = 0;
  private runningSince = Infinity;
  private readonly thread: Worker;
  private readonly upkeep: Job[] = [];
  private current: Job | undefined;
  private ended: Error | undefined;
  private exited = false;

  constructor(
    script: string,
    settings: WorkerSettings,
    private readonly events: WorkerEvents,
  ) {
    this.thread = new Worker(script, { workerData: settings });
    this.thread.on('message', (reply: WorkerReply) => {
      this.settle(reply);
    });
    this.thread.once('error', (error) => {
      this.end(error);
    });
    this.thread.once('exit', () => {
      this.exited = true;
      this.end(new Error('the inference thread ended'));
    });
  }

  /** Whether the thread is gone, and another is about to take its place. */
  get lost(): boolean {
    return this.ended !== undefined;
  }

  /** Milliseconds for which the run in hand has been under way; 0 where none is. */
  runningFor(now: number): number {
    return Math.max(0, now - this.runningSince);
  }

  /**
   * Gives a thread up whose run does not end. Nothing can stop the run: the thread is left to it, and
   * ends should it ever come back.
   */
  abandon(error: Error): void {
    this.end(error);
  }

  /** Whether the thread is still there. */
  get alive(): boolean {
    return !this.exited;
  }

  get idle(): boolean {
    return this.current === undefined && this.ended === undefined;
  }

  /** Runs a batch. Only for an idle worker that holds the version. */
  run(key: string, batch: Batch): Promise<BatchResult> {
    return new Promise<Success>((resolve, reject) => {
      this.post({ request: { kind: 'run', key, batch }, resolve, reject });
    }).then(resultOf);
  }

  /** Runs a batch after what is in hand. */
  async runWhenFree(key: string, batch: Batch): Promise<BatchResult> {
    return resultOf(await this.whenFree({ kind: 'run', key, batch }));
  }

  /** Creates a session, after the run in hand. */
  async load(key: string, source: ModelSource): Promise<void> {
    await this.whenFree({ kind: 'load', key, source });
    this.sessions.add(key);
  }

  /** Releases a session, after the run in hand. */
  async unload(key: string): Promise<void> {
    if (this.sessions.delete(key)) await this.whenFree({ kind: 'unload', key });
  }

  /** Ends the thread, after the run in hand; never in the middle of one. */
  async close(): Promise<void> {
    if (this.ended !== undefined) return;
    const exited = new Promise((resolve) => this.thread.once('exit', resolve));
    // A thread that is lost on the way has ended too.
    await this.whenFree({ kind: 'close' }).catch(() => undefined);
    this.ended = new Error('the server is stopping');
    await exited;
  }

  private whenFree(request: WorkerRequest): Promise<Success> {
    return new Promise((resolve, reject) => {
      const job = { request, resolve, reject };
      if (this.ended !== undefined) reject(this.ended);
      else if (this.current === undefined) this.post(job);
      else this.upkeep.push(job);
    });
  }

  private post(job: Job): void {
    const { request } = job;
    try {
      this.thread.postMessage(
        request,
        request.kind === 'run' ? transferable(request.batch.parts.flat()) : [],
      );
    } catch (error) {
      // What cannot change threads fails alone. The worker is told later, not in the midst of this.
      job.reject(error as Error);
      queueMicrotask(() => {
        if (this.idle) this.proceed();
      });
      return;
    }
    this.current = job;
    if (request.kind === 'run') this.runningSince = performance.now();
  }

  private settle(reply: WorkerReply): void {
    if (this.ended !== undefined) {
      this.thread.postMessage({ kind: 'close' } satisfies WorkerRequest);
      return;
    }
    const job = this.current;
    this.current = undefined;
    this.runningSince = Infinity;
    if (reply.ok) job?.resolve(reply);
    else job?.reject(new Error(reply.error));
    this.proceed();
  }

  private proceed(): void {
    const next = this.upkeep.shift();
    if (next !== undefined) this.post(next);
    else this.events.idle(this);
  }

  private end(error: Error): void {
    if (this.ended !== undefined) return;
    this.ended = error;
    this.runningSince = Infinity;
    this.sessions.clear();
    this.current?.reject(error);
    for (const job of this.upkeep) job.reject(error);
    this.events.lost(this, error);
  }
}

function resultOf({ result }: Success): BatchResult {
  if (result === undefined) throw new Error('the inference thread gave no result');
  return result;
}
