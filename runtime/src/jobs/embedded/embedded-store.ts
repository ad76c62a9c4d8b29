import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { errors } from '../../errors';
import type { Begun } from '../../idempotency/answer-store';
import { StartError } from '../../start-error';
import type { Delivery, Ending, Job, NewJob, Progress, StoredReply } from '../job';
import type { JobPage, JobStore, Swept } from '../store';
import { errorOf } from '../thread-failure';
import type { DatabaseMethod, StoreOpened, StoreReply, StoreSettings, StoreTask } from './messages';

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Jobs in a SQLite file, in a folder that belongs to this server alone. */
export class EmbeddedStore implements JobStore {
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;
  private lost = false;

  private constructor(private readonly thread: Worker) {
    thread.on('message', (reply: StoreReply) => {
      this.settle(reply);
    });
    thread.once('exit', () => {
      this.lost = true;
      for (const { reject } of this.waiting.values()) reject(errors.jobStoreAway('it is closed'));
      this.waiting.clear();
    });
    // What ends the thread is told to those that wait for it.
    thread.on('error', () => undefined);
    thread.unref();
  }

  /**
   * Opens the folder's store, which is made where there is none.
   *
   * @throws StartError where another server has it open, or it cannot be used.
   */
  static async open(settings: StoreSettings): Promise<EmbeddedStore> {
    const { folder } = settings;
    let opened: StoreOpened;
    let thread: Worker;
    try {
      await mkdir(folder, { recursive: true });
      thread = new Worker(join(__dirname, 'store-thread.js'), { workerData: settings });
      opened = await new Promise<StoreOpened>((resolve, reject) => {
        thread.once('message', resolve);
        thread.once('error', reject);
      });
    } catch (error) {
      throw unusable(folder, error instanceof Error ? error.message : String(error));
    }
    if (opened.kind === 'unusable') throw unusable(folder, opened.reason);
    return new EmbeddedStore(thread);
  }

  add(job: NewJob): Promise<Job | undefined> {
    return this.perform('add', job);
  }

  get(id: string): Promise<Job | undefined> {
    return this.perform('get', id);
  }

  list(caller: string, limit: number, after?: string): Promise<JobPage> {
    return this.perform('list', caller, limit, after);
  }

  input(id: string): Promise<Uint8Array | undefined> {
    return this.perform('input', id);
  }

  result(id: string): Promise<StoredReply | undefined> {
    return this.perform('result', id);
  }

  take(now: number): Promise<Job | undefined> {
    return this.perform('take', now);
  }

  report(id: string, progress: Progress | undefined): Promise<boolean> {
    return this.perform('report', id, progress);
  }

  finish(id: string, ending: Ending): Promise<boolean> {
    return this.perform('finish', id, ending);
  }

  putBack(id: string, notBefore: number): Promise<void> {
    return this.perform('putBack', id, notBefore);
  }

  cancel(id: string, at: number, expiresAt: number): Promise<boolean> {
    return this.perform('cancel', id, at, expiresAt);
  }

  takeDelivery(now: number, until: number): Promise<Job | undefined> {
    return this.perform('takeDelivery', now, until);
  }

  noteDelivery(id: string, delivery: Delivery, nextAt: number | undefined): Promise<void> {
    return this.perform('noteDelivery', id, delivery, nextAt);
  }

  sweep(now: number, keepMillis: number): Promise<Swept> {
    return this.perform('sweep', now, keepMillis);
  }

  beginAnswer(id: string, fingerprint: string, now: number, until: number): Promise<Begun> {
    return this.perform('beginAnswer', id, fingerprint, now, until);
  }

  holdAnswer(id: string, fingerprint: string, until: number): Promise<void> {
    return this.perform('holdAnswer', id, fingerprint, until);
  }

  keepAnswer(
    id: string,
    fingerprint: string,
    answer: Uint8Array,
    expiresAt: number,
  ): Promise<void> {
    return this.perform('keepAnswer', id, fingerprint, answer, expiresAt);
  }

  dropAnswer(id: string, fingerprint: string): Promise<void> {
    return this.perform('dropAnswer', id, fingerprint);
  }

  async close(): Promise<void> {
    if (this.lost) return;
    const gone = new Promise((resolve) => this.thread.once('exit', resolve));
    await this.perform('close').catch(() => undefined);
    await gone;
  }

  private perform<T>(method: DatabaseMethod | 'close', ...args: readonly unknown[]): Promise<T> {
    if (this.lost) return Promise.reject(errors.jobStoreAway('it is closed'));
    return new Promise<T>((resolve, reject) => {
      const task: StoreTask = { number: ++this.last, method, args };
      this.waiting.set(task.number, { resolve: resolve as (result: unknown) => void, reject });
      // A job that is being written keeps the process alive, a thread that waits does not.
      this.thread.ref();
      this.thread.postMessage(task);
    });
  }

  private settle(reply: StoreReply): void {
    const waiting = this.waiting.get(reply.number);
    this.waiting.delete(reply.number);
    if (this.waiting.size === 0) this.thread.unref();
    if (reply.ok) waiting?.resolve(reply.result);
    else waiting?.reject(errorOf(reply.failure));
  }
}

function unusable(folder: string, reason: string): StartError {
  const why = reason.includes('database is locked')
    ? 'another server uses it; give each server a folder of its own, or several a Redis'
    : reason;
  return new StartError(`the folder of jobs ${folder} cannot be used: ${why}`);
}
