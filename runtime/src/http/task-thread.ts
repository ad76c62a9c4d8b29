import { type Transferable, Worker } from 'node:worker_threads';
import type { LeaveSignal } from '../call';
import { Fifo } from '../engine/fifo';
import { errors } from '../errors';

interface Job<Task, Reply> {
  readonly task: Task;
  readonly transfer: readonly Transferable[];
  readonly callerLeft: LeaveSignal;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A thread that answers one task at a time, first come, first served. It is started by the first
 * task; one that is lost takes only the task in hand along.
 */
export class TaskThread<Task, Reply> {
  private readonly waiting = new Fifo<Job<Task, Reply>>();
  private current: Job<Task, Reply> | undefined;
  private thread: Worker | undefined;

  constructor(private readonly script: string) {}

  /**
   * @param transfer - buffers that move to the thread, once it is the task's turn.
   * @throws ServingError REQUEST_CANCELED, or whatever ended the thread.
   */
  run(task: Task, transfer: readonly Transferable[], callerLeft: LeaveSignal): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ task, transfer, callerLeft, resolve, reject });
      if (this.current === undefined) this.next();
    });
  }

  /** Ends the thread at once; tasks in hand and waiting are rejected. */
  async close(): Promise<void> {
    for (let job = this.waiting.shift(); job !== undefined; job = this.waiting.shift()) {
      job.reject(errors.serverStopping());
    }
    await this.thread?.terminate();
  }

  private next(): void {
    let job = this.waiting.shift();
    while (job?.callerLeft.aborted === true) {
      job.reject(errors.requestCanceled());
      job = this.waiting.shift();
    }
    this.current = undefined;
    if (job === undefined) return;
    this.thread ??= this.start();
    try {
      this.thread.postMessage(job.task, job.transfer);
      this.current = job;
    } catch (error) {
      // What cannot be sent fails alone; the thread is free for the next.
      job.reject(error as Error);
      this.next();
    }
  }

  private start(): Worker {
    const thread = new Worker(this.script);
    // Requests keep the process alive, not the thread that waits for them.
    thread.unref();
    thread.on('message', (reply: Reply) => {
      this.current?.resolve(reply);
      this.next();
    });
    let cause = new Error('the thread ended');
    thread.once('error', (error) => {
      cause = error;
    });
    thread.once('exit', () => {
      this.thread = undefined;
      this.current?.reject(cause);
      this.next();
    });
    return thread;
  }
}
