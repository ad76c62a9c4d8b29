import type { AnswerStore } from '../idempotency/answer-store';
import type { Delivery, Ending, Job, NewJob, Progress, StoredReply } from './job';

/** One page of a caller's jobs, the youngest first. */
export interface JobPage {
  readonly jobs: readonly Job[];
  /** Where the next page begins; `undefined` at the end. */
  readonly next: string | undefined;
}

/** What a sweep took away. */
export interface Swept {
  /** Jobs whose input and result are gone: their files may go as well. */
  readonly expired: readonly string[];
  /** Jobs that are not known any more. */
  readonly removed: number;
}

/**
 * Keeps jobs. Every change is whole or not there at all, and on disk once its promise is fulfilled.
 * Two servers that share a store never run the same job at once unless one is taken for lost, and of
 * two endings of a job the first counts.
 *
 * Every method rejects with ServingError JOB_STORE_AWAY where the store cannot be reached.
 */
export interface JobStore extends AnswerStore {
  /**
   * @returns the job of that id if there is one already; nothing is changed then.
   * @throws ServingError JOB_STORE_FULL
   */
  add(job: NewJob): Promise<Job | undefined>;
  get(id: string): Promise<Job | undefined>;
  /** @param after - `next` of the page before. @default - the first page */
  list(caller: string, limit: number, after?: string): Promise<JobPage>;
  /** `undefined` once the job is over. */
  input(id: string): Promise<Uint8Array | undefined>;
  result(id: string): Promise<StoredReply | undefined>;

  /** Takes the job whose turn it is, which is running from here on, and one attempt older. */
  take(now: number): Promise<Job | undefined>;
  /**
   * Says that a job still runs, and how far it is. To be called every few seconds.
   *
   * @returns false where it should not run any more: it was canceled, or ended elsewhere.
   */
  report(id: string, progress: Progress | undefined): Promise<boolean>;
  /**
   * Ends a running job.
   *
   * @returns false where it was over already; nothing is changed then.
   * @throws ServingError JOB_STORE_FULL: the job is still running.
   */
  finish(id: string, ending: Ending): Promise<boolean>;
  /** Gives a running job back to the queue, without counting the attempt. */
  putBack(id: string, notBefore: number): Promise<void>;
  /** Ends a job without a result. @returns false where it was over already */
  cancel(id: string, at: number, expiresAt: number): Promise<boolean>;

  /** Takes a job whose event is due, which nobody else gets before `until`. */
  takeDelivery(now: number, until: number): Promise<Job | undefined>;
  /** @param nextAt - when to try again; `undefined`: never. */
  noteDelivery(id: string, delivery: Delivery, nextAt: number | undefined): Promise<void>;

  /** Takes results away whose time is over, and after `keepMillis` more the jobs themselves. */
  sweep(now: number, keepMillis: number): Promise<Swept>;
  close(): Promise<void>;
}
