import type { Tensor } from '../protocol/tensor';
import type { Priority } from '../protocol/urgency';
import type { RequestSpan } from '../telemetry/tracing';

/** What a run gave, and how long it waited and ran. */
export interface RunResult {
  readonly outputs: readonly Tensor[];
  readonly queueMicros: number;
  /** Of the whole batch. */
  readonly computeMicros: number;
}

/** A request on its way to the engine. Times are those of `performance.now()`. */
export interface PendingRun {
  readonly inputs: readonly Tensor[];
  /** Names of the outputs to compute. */
  readonly outputs: readonly string[];
  readonly rows: number;
  /** Bytes of the inputs. */
  readonly bytes: number;
  readonly priority: Priority;
  readonly since: number;
  /** After which the answer is of no use; `Infinity` where it always is. */
  readonly deadline: number;
  /** Of the request, where it is traced. */
  readonly span: RequestSpan | undefined;
  /** By when it is to be answered; `Infinity` where nobody waits. */
  readonly objective: number;
  readonly resolve: (result: RunResult) => void;
  readonly reject: (error: Error) => void;
}
