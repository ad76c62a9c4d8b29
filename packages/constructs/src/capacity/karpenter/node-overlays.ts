import type { INodeOverlay } from '@kubernetes-models/karpenter/karpenter.sh/v1alpha1';
import type { Construct } from 'constructs';
import { clusterObject } from '../../cluster-object';
import type { Labels } from '../../peer';
import type { GpuPlan } from '../gpu/gpu-plan';
import type { NodePlan } from '../node-plan';
import { poolLabel } from '../pool-labels';

/**
 * Tells Karpenter how many pods a node's GPUs will take where they are shared: it counts whole GPUs, and
 * would start a node for each pod. It reads them where its feature gate NodeOverlay is on.
 */
export function addNodeOverlays(
  scope: Construct,
  name: string,
  labels: Labels,
  plan: NodePlan,
  { shares }: GpuPlan,
): void {
  if (shares === 1) return;
  const counts = plan.instanceTypes.map((type, i) => ({
    type,
    gpus: plan.offered[i]?.gpu?.count ?? 0,
  }));
  for (const gpus of new Set(counts.map((count) => count.gpus))) {
    clusterObject(scope, `overlay-${gpus}`, {
      apiVersion: 'karpenter.sh/v1alpha1',
      kind: 'NodeOverlay',
      metadata: { name: `${name}-${gpus}`, labels: { ...labels } },
      spec: {
        requirements: [
          { key: poolLabel, operator: 'In', values: [name] },
          {
            key: 'node.kubernetes.io/instance-type',
            operator: 'In',
            values: counts.filter((count) => count.gpus === gpus).map(({ type }) => type),
          },
        ],
        capacity: { 'nvidia.com/gpu': gpus * shares },
      },
    } satisfies INodeOverlay);
  }
}
