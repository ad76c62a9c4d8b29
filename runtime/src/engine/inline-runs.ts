import { setImmediate } from 'node:timers/promises';
import { type Batch, type BatchResult, runBatch } from './run-batch';
import { EngineSession, type ModelSource } from './session';
import { type Batching, VersionQueue } from './version-queue';
import type { WarmUp } from './warm-up';

/** Rows up to which one run on the I/O thread is short, whatever was measured. */
const greatestRows = 128;

/** Milliseconds that one run on the I/O thread may take. */
const maxRunMillis = 1;

/** The runs of a version that is so small that handing it to another thread costs more. */
export class InlineRuns {
  readonly queue: VersionQueue;
  private readonly session: EngineSession;
  private readonly maxRows: number;

  /** @throws Error with the engine's words. */
  constructor(key: string, source: ModelSource, maxRows: number, batching: Batching | undefined) {
    this.maxRows = Math.min(maxRows, greatestRows);
    const shared = batching && { maxRows: Math.min(this.maxRows, batching.maxRows) };
    this.queue = new VersionQueue(key, shared, maxRunMillis);
    this.session = new EngineSession(source, 1);
  }

  /** Whether a request of so many rows is small enough. */
  takes(rows: number): boolean {
    return rows <= this.maxRows;
  }

  /** Runs each size, and learns what it costs; sockets are looked at in between. */
  async warmUp({ inputs, outputs }: WarmUp): Promise<void> {
    for (let rows = 1; rows <= this.maxRows; rows *= 2) {
      let least = Infinity;
      const made = inputs(rows);
      for (let i = 0; i < 4; i++) {
        const result = this.run({ parts: [made], rows: [rows], outputs });
        if (result.outcome.kind !== 'together') return;
        least = Math.min(least, result.computeMicros / 1000);
      }
      this.queue.costOf(made).learn(rows, least);
      await setImmediate();
    }
  }

  run(batch: Batch): BatchResult {
    return runBatch(this.session, batch);
  }

  release(): void {
    this.session.release();
  }
}
