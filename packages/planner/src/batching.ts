import { ObjectiveError } from './sizing';

/** What batches of a model have to keep, in plain numbers. */
export interface BatchingDemand {
  /** Time of a run of one row, in milliseconds. */
  readonly oneRowMillis: number;
  /**
   * Measured time of a run of more rows.
   * @default - none: each row is taken to cost as much as the first, so that nothing is gained by waiting
   */
  readonly larger?: { readonly rows: number; readonly millis: number };
  readonly p99LatencyMillis: number;
  /** Rows a second that reach one queue: those of one replica. */
  readonly rowsPerSecond: number;
  /**
   * Most rows of a run.
   * @default 256
   */
  readonly mostRows?: number;
}

/** How a dynamic batcher is set. */
export interface BatchingPlan {
  /** Most rows of a run. */
  readonly maxBatchSize: number;
  /** Sizes that are sent at once; ascending, empty where the largest that is there will do. */
  readonly preferredBatchSizes: readonly number[];
  /** How long the first request of a batch waits for others, in microseconds. */
  readonly maxQueueDelayMicros: number;
  /** Time of a run of `maxBatchSize` rows, in milliseconds. */
  readonly largestRunMillis: number;
}

/** Most rows of a run where nothing else limits them: beyond it, accelerators gain little. */
const defaultMostRows = 256;

/**
 * Sets a dynamic batcher so that the objective holds for a request that waits for its batch to fill, then
 * for a run under way, and then for its own:
 *
 *     delay + 2 × run(rows) ≤ objective        run(rows) = first + (rows - 1) × next
 *
 * with the largest power of two of rows whose two runs fit, and the delay that is left: no longer than the
 * arrival of as many rows takes, and no longer than their run, for while one is under way requests gather by
 * themselves. Where rows that come later cost as much as the first, or nobody comes in that time, there is
 * nothing to wait for. A batch is sent at once when it has as many rows as come within the delay, or, after
 * a jam, the most.
 *
 * @throws RangeError for a demand out of range, naming the field
 * @throws ObjectiveError where two runs of one row do not fit
 */
export function planBatching(demand: BatchingDemand): BatchingPlan {
  validate(demand);
  const { oneRowMillis, p99LatencyMillis, rowsPerSecond } = demand;
  if (2 * oneRowMillis > p99LatencyMillis) {
    const nearest = Math.ceil(2 * oneRowMillis);
    throw new ObjectiveError(
      `a p99 latency of ${p99LatencyMillis} ms cannot be met: a run takes ${oneRowMillis} ms, and a request may wait for one that is under way; the nearest that can is ${nearest} ms`,
      nearest,
    );
  }
  const next = nextRowMillis(demand);
  const runMillis = (rows: number): number => oneRowMillis + (rows - 1) * next;
  const mostRows = demand.mostRows ?? defaultMostRows;
  let rows = 1;
  while (rows * 2 <= mostRows && 2 * runMillis(rows * 2) <= p99LatencyMillis) rows *= 2;
  const largestRunMillis = runMillis(rows);
  const none = { maxBatchSize: rows, preferredBatchSizes: [], maxQueueDelayMicros: 0 };
  if (rows === 1 || next >= oneRowMillis) return { ...none, largestRunMillis };

  const leftMillis = p99LatencyMillis - 2 * largestRunMillis;
  const fullMillis = ((rows - 1) / rowsPerSecond) * 1000;
  const delayMillis = Math.min(leftMillis, fullMillis, largestRunMillis);
  const expected = 1 + (delayMillis / 1000) * rowsPerSecond;
  const maxQueueDelayMicros = Math.floor(delayMillis * 1000);
  if (expected < 2 || maxQueueDelayMicros === 0) return { ...none, largestRunMillis };
  const filled = Math.min(rows, 2 ** Math.floor(Math.log2(expected)));
  const preferredBatchSizes = filled === rows ? [rows] : [filled, rows];
  return { maxBatchSize: rows, preferredBatchSizes, maxQueueDelayMicros, largestRunMillis };
}

/** Time of each row after the first, on the line through the two measurements. */
function nextRowMillis({ oneRowMillis, larger }: BatchingDemand): number {
  if (larger === undefined) return oneRowMillis;
  return Math.max(0, (larger.millis - oneRowMillis) / (larger.rows - 1));
}

function validate({ larger, mostRows, ...rest }: BatchingDemand): void {
  const refuse = (field: string, expected: string, received: number): never => {
    throw new RangeError(`${field}: expected ${expected}, received ${received}`);
  };
  for (const [field, value] of Object.entries({ ...rest, 'larger.millis': larger?.millis ?? 1 })) {
    if (!(value > 0 && Number.isFinite(value))) refuse(field, 'a number above 0', value);
  }
  if (larger !== undefined && !(Number.isSafeInteger(larger.rows) && larger.rows > 1)) {
    refuse('larger.rows', 'a whole number above 1', larger.rows);
  }
  if (mostRows !== undefined && !(Number.isSafeInteger(mostRows) && mostRows > 0)) {
    refuse('mostRows', 'a whole number above 0', mostRows);
  }
}
