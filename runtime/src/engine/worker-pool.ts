import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { HeldSource } from './held-source';
import { InferenceWorker } from './inference-worker';
import type { ModelSource } from './session';
import './telemetry-off';

export interface PoolEvents {
  readonly idle: (worker: InferenceWorker) => void;
  /** A thread was lost and is being replaced, or could not take a session up again. */
  readonly lost: (error: Error) => void;
  /** As many threads as the pool has are stuck in runs that do not end: only a new process helps. */
  readonly stuck: () => void;
}

export interface PoolOptions {
  /** Threads that hold a version which does not say how many. */
  readonly size: number;
  readonly intraOpThreads: number;
  /** Milliseconds after which a run is given up, and its thread replaced. */
  readonly runLimitMillis: number;
  /** What a thread runs. @default - the inference thread of this package */
  readonly threadScript?: string | undefined;
}

/** Milliseconds between looks at how long the runs in hand have been under way. */
const watchMillis = 250;

interface Admitted {
  readonly held: HeldSource;
  readonly instances: number;
}

/** The inference threads, and which versions each of them holds. */
export class WorkerPool {
  private workers: InferenceWorker[] = [];
  private readonly admitted = new Map<string, Admitted>();
  private closing = false;
  private readonly watch: NodeJS.Timeout;
  /** Threads that were left to runs that did not end. */
  private abandoned: InferenceWorker[] = [];
  /** Threads being replaced, which read the held files. */
  private readonly replacing = new Set<Promise<void>>();

  constructor(
    private readonly options: PoolOptions,
    private readonly events: PoolEvents,
  ) {
    this.grow(options.size);
    this.watch = setInterval(() => {
      this.giveUpEndless();
    }, watchMillis).unref();
  }

  /** The idle workers that hold a version. */
  idleFor(key: string): readonly InferenceWorker[] {
    return this.workers.filter((worker) => worker.idle && worker.sessions.has(key));
  }

  /** The workers that hold a version. */
  holders(key: string): readonly InferenceWorker[] {
    return this.workers.filter(({ sessions }) => sessions.has(key));
  }

  /** Whether a version is held, if only by a worker that is busy or being replaced. */
  holds(key: string): boolean {
    return this.admitted.has(key);
  }

  /**
   * Loads a version into its workers, one after the other so that the rest keep serving.
   *
   * @param instances - how many workers hold it. @default - as many as the pool has
   * @throws Error with the engine's words, or of Node.js where the file cannot be read; then no worker
   *   holds it.
   */
  async admit(key: string, source: ModelSource, instances = this.options.size): Promise<void> {
    const held = await HeldSource.open(source);
    this.grow(instances);
    this.admitted.set(key, { held, instances });
    try {
      for (const worker of this.workers.slice(0, instances)) {
        // What replaces a lost worker loads all that is admitted by then.
        if (!worker.lost) await loadHeld(worker, key, held);
      }
    } catch (error) {
      await this.release(key);
      throw error;
    }
  }

  async release(key: string): Promise<void> {
    const admitted = this.admitted.get(key);
    this.admitted.delete(key);
    await Promise.all(this.workers.map((worker) => worker.unload(key)));
    if (admitted !== undefined) void this.letGo([admitted]);
  }

  /** Ends every thread after the run that it has in hand. */
  async close(): Promise<void> {
    this.closing = true;
    clearInterval(this.watch);
    await Promise.all(this.workers.map((worker) => worker.close()));
    await this.letGo([...this.admitted.values()]);
  }

  /** Not while a thread may be reading them: their numbers could be other files' by then. */
  private async letGo(admitted: readonly Admitted[]): Promise<void> {
    await Promise.all(this.replacing);
    await Promise.all(admitted.map(({ held }) => held.close()));
  }

  private giveUpEndless(): void {
    const { runLimitMillis, size } = this.options;
    const now = performance.now();
    for (const worker of this.workers) {
      if (worker.runningFor(now) <= runLimitMillis) continue;
      this.abandoned.push(worker);
      worker.abandon(new Error(`the run did not end within ${runLimitMillis / 1000} s`));
    }
    this.abandoned = this.abandoned.filter(({ alive }) => alive);
    if (this.abandoned.length >= size) this.events.stuck();
  }

  private grow(count: number): void {
    while (this.workers.length < count) this.workers.push(this.spawn());
  }

  private spawn(): InferenceWorker {
    const { intraOpThreads, threadScript = join(__dirname, 'inference-thread.js') } = this.options;
    return new InferenceWorker(
      threadScript,
      { intraOpThreads },
      {
        idle: this.events.idle,
        lost: (worker, error) => {
          if (this.closing) return;
          const replaced = this.replace(worker, error).finally(() => {
            this.replacing.delete(replaced);
          });
          this.replacing.add(replaced);
        },
      },
    );
  }

  /** A lost worker's place is taken by a new one with the same sessions. */
  private async replace(lost: InferenceWorker, error: Error): Promise<void> {
    this.events.lost(error);
    // A thread that cannot even start must not be restarted in a tight loop.
    await setTimeout(100);
    if (this.closing) return;
    const place = this.workers.indexOf(lost);
    const worker = this.spawn();
    this.workers = this.workers.with(place, worker);
    // A copy: what is admitted meanwhile is loaded by its own admission.
    for (const [key, { held, instances }] of [...this.admitted]) {
      if (place >= instances || !this.admitted.has(key)) continue;
      try {
        await loadHeld(worker, key, held);
        // Released meanwhile: nobody else would unload it here.
        if (!this.admitted.has(key)) await worker.unload(key);
      } catch (failure) {
        // A session that cannot be made again (its file was changed) stays with the other workers.
        if (!this.workers.some(({ sessions }) => sessions.has(key))) await this.release(key);
        this.events.lost(failure as Error);
      }
    }
    this.events.idle(worker);
  }
}

/** Loads what was admitted, or nothing. @throws Error */
async function loadHeld(worker: InferenceWorker, key: string, held: HeldSource): Promise<void> {
  await held.check();
  await worker.load(key, held.source);
  try {
    await held.check();
  } catch (error) {
    await worker.unload(key);
    throw error;
  }
}
