import { type Circuit, circuitFor } from '@manara/planner';
import type { LoweredWorkload } from '../engines/lowering';

/** Where the mesh stops requests to a workload. */
export function circuitOf({ endpoint, capacity }: LoweredWorkload): Circuit {
  return circuitFor({
    p99LatencyMillis: endpoint.objective.p99Latency.toMilliseconds(),
    peakRequestsPerSecond: endpoint.traffic.peakRequestsPerSecond,
    ...capacity,
    hasReserve: false,
  });
}
