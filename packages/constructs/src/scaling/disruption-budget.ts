import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { ScaledWorkload } from './scaled-workload';

/** One pod at a time; with a single replica, a drained node still gets rid of it. */
export function addDisruptionBudget(
  scope: Construct,
  { workload, labels, selector }: Pick<ScaledWorkload, 'workload' | 'labels' | 'selector'>,
): void {
  new k8s.KubePodDisruptionBudget(scope, 'disruption-budget', {
    metadata: { name: workload.endpoint.name, labels: { ...labels } },
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: { ...selector } },
    },
  });
}
