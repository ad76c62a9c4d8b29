import type { ScalingPlan } from '@manara/planner';
import type { Workload } from '../engines/lowering';

/** The least replicas of a workload: a standby is kept warm by one. */
export function replicaFloor(
  { role }: Workload,
  { minReplicas }: Pick<ScalingPlan, 'minReplicas'>,
): number {
  return role === 'standby' ? 1 : minReplicas;
}
