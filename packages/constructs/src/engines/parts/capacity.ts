import { replicaFloor } from '../../scaling/replica-floor';
import type { PlannedScaling } from '../../scaling/scaled-workload';
import type { Capacity, Workload } from '../lowering';

/** A command that images of Linux distributions have, and that does nothing. */
export const idleCommand = ['sleep', 'infinity'];

/** What replicas carry of which only the plan is known: by Little's law, as many as come within the objective. */
export function capacityOf(
  workload: Workload,
  { plan }: PlannedScaling,
  known: Pick<Capacity, 'startupSeconds' | 'growthFactor'>,
): Capacity {
  const seconds = workload.endpoint.objective.p99Latency.toMilliseconds() / 1000;
  return {
    ...known,
    idleReplicas: replicaFloor(workload, plan),
    peakReplicas: plan.peakReplicas,
    maxReplicas: plan.maxReplicas,
    inFlightPerReplica: Math.max(1, Math.floor(plan.safeRequestsPerSecond * seconds)),
  };
}
