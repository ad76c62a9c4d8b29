import { type BatchingPlan, planBatching } from './batching';
import type { ReplicaShape } from './scaling/replica-rate';

/** A model that shares accelerators with others. */
export interface AcceleratedModel {
  /** Measured time of a run of one row, in milliseconds. */
  readonly oneRowMillis: number;
  /**
   * Measured time of a run of more rows.
   * @default - each row costs as much as the first
   */
  readonly larger?: { readonly rows: number; readonly millis: number };
  /** Rows a second at the busiest time, over all replicas. */
  readonly rowsPerSecond: number;
  /** Most rows of a run; 1 for a model that does not batch. @default 256 */
  readonly mostRows?: number;
}

export interface AcceleratorDemand {
  readonly models: readonly AcceleratedModel[];
  readonly p99LatencyMillis: number;
  /** Requests a second at the busiest time, over all replicas, that replicas are counted by. */
  readonly requestsPerSecond: number;
  /** Accelerators of a replica; each holds every model. */
  readonly accelerators: number;
}

/**
 * What a replica does whose models run on accelerators. Models take turns: what one uses, another does not
 * have, and several instances of one gain nothing. A jam makes batches large, so a row costs
 * `run(most rows) ÷ most rows`, and a request all the rows of all models that come with it; and it waits for
 * the longest run besides.
 *
 * @throws RangeError, ObjectiveError as `planBatching` does
 */
export function acceleratedShape(demand: AcceleratorDemand): ReplicaShape {
  const { models, requestsPerSecond, accelerators } = demand;
  // The size of a batch depends on the objective alone; only the delay depends on the replicas.
  const plans = batchingOf(demand, 1);
  const inferenceMillis = plans
    .map(({ largestRunMillis, maxBatchSize }, i) => {
      const rows = (models[i]?.rowsPerSecond ?? 0) / requestsPerSecond;
      return (largestRunMillis / maxBatchSize) * rows;
    })
    .reduce((sum, millis) => sum + millis, 0);
  return {
    workers: accelerators,
    inferenceMillis,
    overheadMillis: Math.max(...plans.map(({ largestRunMillis }) => largestRunMillis)),
    // The times are measured, and `planBatching` has refused those that are too long; but no single request
    // takes the work of all models, which would be no ground to refuse an objective.
    isEstimated: true,
  };
}

/** How each of the models is batched where a number of replicas share the peak; in the order of `models`. */
export function batchingOf(
  { models, p99LatencyMillis }: AcceleratorDemand,
  replicas: number,
): readonly BatchingPlan[] {
  return models.map((model) =>
    planBatching({ ...model, p99LatencyMillis, rowsPerSecond: model.rowsPerSecond / replicas }),
  );
}
