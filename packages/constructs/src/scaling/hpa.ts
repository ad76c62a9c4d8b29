import type { ScalingTarget } from '@manara/planner';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { behavior } from './behavior';
import { gpuMetric, inFlightMetric } from './metric-names';
import { replicaFloor } from './replica-floor';
import type { PlannedScaling, ScaledWorkload } from './scaled-workload';
import type { ScalingMetric } from './scaling-metric';
import { scaleTarget } from './scale-target';

/** Kubernetes' own autoscaler, by a workload's plan. */
export function addHpa(
  scope: Construct,
  scaled: ScaledWorkload,
  { plan }: Pick<PlannedScaling, 'plan'>,
  on: readonly ScalingMetric[],
): k8s.KubeHorizontalPodAutoscalerV2 {
  const { workload, controller, labels } = scaled;
  return new k8s.KubeHorizontalPodAutoscalerV2(scope, 'autoscaler', {
    metadata: { name: workload.endpoint.name, labels: { ...labels } },
    spec: {
      scaleTargetRef: scaleTarget(controller),
      minReplicas: replicaFloor(workload, plan),
      maxReplicas: plan.maxReplicas,
      behavior: behavior(plan),
      metrics: on.map((metric) => metricSpec(scaled, metric, plan.target)),
    },
  });
}

function metricSpec(
  { load }: ScaledWorkload,
  { identity }: ScalingMetric,
  target: ScalingTarget,
): k8s.MetricSpecV2 {
  switch (identity.kind) {
    case 'inFlight':
      return pods(load?.metric ?? inFlightMetric, `${Math.round(target.inFlight * 1000)}m`);
    case 'gpu':
      return pods(gpuMetric, String(target.busyPercent));
    default: {
      const averageUtilization = target.cpuPercent ?? target.busyPercent;
      return {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
      };
    }
  }
}

function pods(name: string, value: string): k8s.MetricSpecV2 {
  const averageValue = k8s.Quantity.fromString(value);
  return {
    type: 'Pods',
    pods: { metric: { name }, target: { type: 'AverageValue', averageValue } },
  };
}
