import { replicasFor } from './availability';

/** What replicas of a measured capacity must carry. */
export interface ReplicaDemand {
  /** Measured requests a second that one replica answers within the objective. */
  readonly replicaRequestsPerSecond: number;
  /** Requests a second at the busiest time. */
  readonly peakRequestsPerSecond: number;
  /** Share of time that the endpoint answers, in percent: 99.9. */
  readonly availabilityPercent: number;
}

export interface ReplicaSize {
  readonly minReplicas: number;
  /** Replicas that the peak takes. */
  readonly peakReplicas: number;
  readonly maxReplicas: number;
}

/** Headroom for bursts shorter than the autoscaler's reaction; as for the bundled server's CPU. */
export const headroomShare = 0.7;

/** Counts replicas, each used to 70 % at the peak. */
export function sizeReplicas(demand: ReplicaDemand): ReplicaSize {
  const { replicaRequestsPerSecond, peakRequestsPerSecond, availabilityPercent } = demand;
  const minReplicas = replicasFor(availabilityPercent);
  const needed = peakRequestsPerSecond / (replicaRequestsPerSecond * headroomShare);
  const peakReplicas = Math.max(minReplicas, Math.ceil(needed));
  return {
    minReplicas,
    peakReplicas,
    // Twice the expected peak: a wrong measurement or a lost zone must not meet the ceiling first.
    maxReplicas: Math.max(minReplicas + 1, peakReplicas * 2),
  };
}
