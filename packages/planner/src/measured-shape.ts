import type { ReplicaShape } from './scaling/replica-rate';

/** A measurement of one replica. */
export interface MeasuredReplica {
  /** Requests a second that it answers within the objective. */
  readonly replicaRequestsPerSecond: number;
  readonly p99LatencyMillis: number;
}

/**
 * What a replica does of which nothing but its rate is known, as of engines that take each request into a
 * batch that runs already. A request is taken to last half of the objective: by Little's law that many are
 * in its hands at the rate, and where more are, requests have come to last longer.
 *
 * @throws RangeError for a number that is not above 0, naming the field
 */
export function measuredShape(measured: MeasuredReplica): ReplicaShape {
  for (const [field, value] of Object.entries(measured)) {
    if (value > 0 && Number.isFinite(value)) continue;
    throw new RangeError(`${field}: expected a number above 0, received ${value}`);
  }
  const { replicaRequestsPerSecond: rate, p99LatencyMillis } = measured;
  const workers = Math.max(1, Math.ceil((rate * p99LatencyMillis) / 2000));
  return {
    workers,
    inferenceMillis: (workers * 1000) / rate,
    overheadMillis: 0,
    // The objective held where the rate was measured.
    isEstimated: true,
  };
}
