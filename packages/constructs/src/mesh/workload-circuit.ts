import { type Circuit, circuitFor } from '@manara/planner';
import { ConstructError } from '../construct-error';
import type { LoweredWorkload } from '../engines/lowering';

/**
 * Where the mesh stops requests to a workload.
 *
 * @param hasReserve whether others answer where no replica is left
 * @throws ConstructError MANARA_MESH for a fallback of the server that would come after the time-out
 */
export function circuitOf({ endpoint, capacity }: LoweredWorkload, hasReserve: boolean): Circuit {
  const circuit = circuitFor({
    p99LatencyMillis: endpoint.objective.p99Latency.toMilliseconds(),
    peakRequestsPerSecond: endpoint.traffic.peakRequestsPerSecond,
    ...capacity,
    hasReserve,
  });
  const { timeoutMillis } = circuit;
  const afterMillis = endpoint.server?.config.fallbacks?.[endpoint.name]?.afterMillis ?? 0;
  if (afterMillis < timeoutMillis) return circuit;
  throw new ConstructError(
    'MANARA_MESH',
    endpoint.path,
    `server.config.fallbacks.${endpoint.name}.afterMillis: the mesh gives a request up after ${timeoutMillis} ms, five times the objective's p99Latency or a second; expected less, received ${afterMillis}`,
  );
}
