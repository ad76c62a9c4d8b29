import { type BatchingPlan, planBatching } from './batching';
import { type ReplicaSize, sizeReplicas } from './replica-sizing';

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
  readonly availabilityPercent: number;
  /** Accelerators of a replica; each holds every model. */
  readonly accelerators: number;
}

export interface AcceleratorSize extends ReplicaSize {
  /** In the order of `models`. */
  readonly batching: readonly BatchingPlan[];
  /** Share of an accelerator's time that the peak takes, in percent. */
  readonly busyPercent: number;
}

/**
 * Sizes replicas whose models run on accelerators. Models take turns: what one uses, another does not have,
 * and several instances of one gain nothing. A jam makes batches large, so the peak is carried at
 * `run(most rows) ÷ most rows` for each row.
 *
 * @throws RangeError, ObjectiveError as `planBatching` does
 */
export function sizeAccelerated(demand: AcceleratorDemand): AcceleratorSize {
  const { models, availabilityPercent, accelerators, p99LatencyMillis } = demand;
  const plan = (replicas: number): readonly BatchingPlan[] =>
    models.map((model) =>
      planBatching({
        ...model,
        p99LatencyMillis,
        rowsPerSecond: model.rowsPerSecond / replicas,
      }),
    );
  // The size of a batch depends on the objective alone; only the delay depends on the replicas.
  const load = plan(1)
    .map(({ largestRunMillis, maxBatchSize }, i) => {
      const rows = models[i]?.rowsPerSecond ?? 0;
      return ((largestRunMillis / maxBatchSize) * rows) / 1000;
    })
    .reduce((sum, busy) => sum + busy, 0);
  // In seconds of an accelerator: a replica has as many a second as it has accelerators.
  const size = sizeReplicas({
    replicaRequestsPerSecond: accelerators,
    peakRequestsPerSecond: load,
    availabilityPercent,
  });
  return {
    ...size,
    batching: plan(size.peakReplicas),
    busyPercent: (load / (size.peakReplicas * accelerators)) * 100,
  };
}
