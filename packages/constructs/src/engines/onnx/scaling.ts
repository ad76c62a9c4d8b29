import { growth } from '@manara/planner';
import { Duration } from 'cdk8s';
import {
  type Deployment,
  HorizontalPodAutoscaler,
  k8s,
  Metric,
  MetricTarget,
  Replicas,
} from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Workload } from '../lowering';
import { objectLabels, selectorLabels } from '../parts/labels';
import type { ServerSize } from './server-size';

const growthPeriod = Duration.seconds(growth.periodSeconds);

/** A standby is kept warm by one. */
export function idleReplicas({ role }: Workload, { minReplicas }: ServerSize): number {
  return role === 'standby' ? 1 : minReplicas;
}

/** The autoscaler follows use, and a pod uses its limit at most. */
export function growthFactor({
  cpuLimitMillis,
  cpuRequestMillis,
  targetCpuPercent,
}: ServerSize): number {
  return (cpuLimitMillis * 100) / (cpuRequestMillis * targetCpuPercent);
}

/** Replicas that follow the load, and a budget for voluntary disruption. */
export function addScaling(
  scope: Construct,
  workload: Workload,
  size: ServerSize,
  deployment: Deployment,
): HorizontalPodAutoscaler {
  const { name } = workload.endpoint;
  const labels = objectLabels(workload);
  const autoscaler = new HorizontalPodAutoscaler(scope, 'autoscaler', {
    metadata: { name, labels },
    target: deployment,
    minReplicas: idleReplicas(workload, size),
    maxReplicas: size.maxReplicas,
    scaleUp: {
      policies: [
        { replicas: Replicas.absolute(growth.replicas), duration: growthPeriod },
        { replicas: Replicas.percent(growth.percent), duration: growthPeriod },
      ],
    },
    metrics: [Metric.resourceCpu(MetricTarget.averageUtilization(size.targetCpuPercent))],
  });
  new k8s.KubePodDisruptionBudget(scope, 'disruption-budget', {
    metadata: { name, labels: { ...labels } },
    spec: {
      // One at a time; with a single replica, a drained node still gets rid of its pod.
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: { ...selectorLabels(workload) } },
    },
  });
  return autoscaler;
}
