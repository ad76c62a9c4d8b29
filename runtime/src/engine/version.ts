import type { InlineRuns } from './inline-runs';
import type { PendingRun } from './pending-run';
import type { Tensor } from '../protocol/tensor';
import type { VersionQueue } from './version-queue';

/** A version that the engine holds, with what waits for it. */
export interface EngineVersion {
  /** What waits for a thread. */
  readonly queue: VersionQueue;
  /** What is small enough to be run on the I/O thread; `undefined` where nothing is. */
  readonly inline: InlineRuns | undefined;
  /** Milliseconds within which a request is to be answered. */
  readonly objectiveMillis: number;
  /** Told of each run of the engine. */
  readonly onRun: (execution: Execution) => void;
  /** Batches that failed together and not apart. */
  mixedRows: number;
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

/** Where a request of such inputs waits. */
export function queueFor(
  { queue, inline }: EngineVersion,
  inputs: readonly Tensor[],
): VersionQueue {
  return inline?.takes(queue.rowsOf(inputs)) === true ? inline.queue : queue;
}
