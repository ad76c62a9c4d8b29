import type { k8s } from 'cdk8s-plus-28';
import type { Workload } from '../lowering';
import { selectorLabels } from './labels';

/** Over zones, then over nodes; as far as it goes, because a lost zone must not keep pods pending. */
export function spread(workload: Workload): readonly k8s.TopologySpreadConstraint[] {
  return ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    // Without it the pods that a rollout is about to remove count, and the new ones end up uneven.
    matchLabelKeys: ['pod-template-hash', 'rollouts-pod-template-hash'],
    labelSelector: { matchLabels: { ...selectorLabels(workload) } },
  }));
}
