import { growth } from '@manara/planner';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Labels } from '../../peer';
import type { Workload } from '../lowering';
import { objectLabels, selectorLabels } from './labels';

export interface AutoscalerProps {
  /** What runs the pods. */
  readonly target: k8s.CrossVersionObjectReferenceV2;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly metrics: readonly k8s.MetricSpecV2[];
}

/** Replicas that follow the load. A standby is kept warm by one. */
export function addAutoscaler(
  scope: Construct,
  workload: Workload,
  { target, minReplicas, maxReplicas, metrics }: AutoscalerProps,
): k8s.KubeHorizontalPodAutoscalerV2 {
  const { periodSeconds, percent, replicas } = growth;
  return new k8s.KubeHorizontalPodAutoscalerV2(scope, 'autoscaler', {
    metadata: { name: workload.endpoint.name, labels: { ...objectLabels(workload) } },
    spec: {
      scaleTargetRef: target,
      minReplicas: idleReplicas(workload, minReplicas),
      maxReplicas,
      metrics: [...metrics],
      behavior: {
        scaleUp: {
          selectPolicy: 'Max',
          policies: [
            { type: 'Pods', value: replicas, periodSeconds },
            { type: 'Percent', value: percent, periodSeconds },
          ],
        },
      },
    },
  });
}

export function idleReplicas({ role }: Workload, minReplicas: number): number {
  return role === 'standby' ? 1 : minReplicas;
}

/** A metric of the CPU, in percent of its request. */
export function cpuMetric(percent: number): k8s.MetricSpecV2 {
  return {
    type: 'Resource',
    resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } },
  };
}

/** A metric that the pods themselves report, which the cluster's adapter for custom metrics must serve. */
export function podsMetric(name: string, average: number): k8s.MetricSpecV2 {
  return {
    type: 'Pods',
    pods: {
      metric: { name },
      target: { type: 'AverageValue', averageValue: k8s.Quantity.fromNumber(average) },
    },
  };
}

/** One at a time; with a single replica, a drained node still gets rid of its pod. */
export function addDisruptionBudget(
  scope: Construct,
  workload: Workload,
  selector: Labels = selectorLabels(workload),
): void {
  new k8s.KubePodDisruptionBudget(scope, 'disruption-budget', {
    metadata: { name: workload.endpoint.name, labels: { ...objectLabels(workload) } },
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: { ...selector } },
    },
  });
}
