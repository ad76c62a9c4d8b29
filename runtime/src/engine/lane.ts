import { errors } from '../errors';
import type { Priority } from '../protocol/urgency';
import type { CostModel } from './cost-model';
import { Fifo } from './fifo';
import type { PendingRun } from './pending-run';

/** Milliseconds for each step of priority after which a request counts as one of the first. */
const agingMillis = 5000;

/** Requests that may share a run: of one version, priority, row shape and choice of outputs. */
export class Lane {
  private readonly waiting = new Fifo<PendingRun>();
  /** Rows that wait. */
  rows = 0;
  /** Bytes of the tensors that wait. */
  bytes = 0;

  /** @param shared - whether requests may share a run at all. */
  constructor(
    readonly priority: Priority,
    readonly cost: CostModel,
    private readonly shared: boolean,
  ) {}

  get length(): number {
    return this.waiting.length;
  }

  /** @returns a function that takes the request out again, and tells whether it was still there. */
  push(job: PendingRun): () => boolean {
    const takeOut = this.waiting.push(job);
    this.rows += job.rows;
    this.bytes += job.bytes;
    return () => {
      if (!takeOut()) return false;
      this.forget(job);
      return true;
    };
  }

  /** Since when its first request waits; `Infinity` where none does. */
  since(): number {
    return this.waiting.first()?.since ?? Infinity;
  }

  /** The priority of its first request, which grows as it waits: nothing waits for ever. */
  urgency(now: number): number {
    return now - this.since() > this.priority * agingMillis ? 0 : this.priority;
  }

  /**
   * Requests for one run, oldest first; those whose time is over are rejected on the way.
   *
   * @param threads - idle threads that what waits is shared out to.
   */
  take(now: number, threads: number): readonly PendingRun[] {
    const even = Math.ceil(this.rows / threads);
    const limit = this.shared ? Math.min(this.cost.nextCap(even), even) : 1;
    const taken: PendingRun[] = [];
    const runMillis = this.cost.estimate(Math.max(1, Math.min(limit, this.rows)));
    let rows = 0;
    for (let job = this.waiting.first(); job !== undefined; job = this.waiting.first()) {
      if (taken.length > 0 && (!this.shared || rows + job.rows > limit)) break;
      this.waiting.shift();
      this.forget(job);
      if (now + this.cost.estimate(job.rows) > job.deadline) {
        job.reject(errors.deadlineExceeded());
        continue;
      }
      if (isTooLate(job, now, runMillis)) {
        job.reject(errors.overloaded(now + runMillis - job.objective));
        continue;
      }
      taken.push(job);
      rows += job.rows;
    }
    return taken;
  }

  /** Whether waiting longer could not make the next run larger. */
  isFull(): boolean {
    return !this.shared || this.rows >= this.cost.cap();
  }

  rejectAll(error: Error): void {
    for (let job = this.waiting.shift(); job !== undefined; job = this.waiting.shift()) {
      this.forget(job);
      job.reject(error);
    }
  }

  private forget(job: PendingRun): void {
    this.rows -= job.rows;
    this.bytes -= job.bytes;
  }
}

/**
 * Whether a request waited for so long that it would miss its objective: its time goes to those that can
 * still be answered in time. A run that takes most of the objective itself is not the wait's fault.
 */
function isTooLate({ objective, since }: PendingRun, now: number, runMillis: number): boolean {
  return now + runMillis > objective && runMillis < (objective - since) / 2;
}
