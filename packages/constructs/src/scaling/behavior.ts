import type { ScalingPlan, ScalingPolicy } from '@manara/planner';
import type { k8s } from 'cdk8s-plus-28';

/** A plan's policies, in the terms of the autoscaler: of several, the one that changes most counts. */
export function behavior({
  scaleUp,
  scaleDown,
}: Pick<ScalingPlan, 'scaleUp' | 'scaleDown'>): k8s.HorizontalPodAutoscalerBehaviorV2 {
  return { scaleUp: rules(scaleUp), scaleDown: rules(scaleDown) };
}

function rules(policy: ScalingPolicy): k8s.HpaScalingRulesV2 {
  const { stabilizationSeconds, periodSeconds, replicas, percent } = policy;
  return {
    stabilizationWindowSeconds: stabilizationSeconds,
    selectPolicy: 'Max',
    policies: [
      { type: 'Pods', value: replicas, periodSeconds },
      { type: 'Percent', value: percent, periodSeconds },
    ],
  };
}
