import { growth } from '../recovery';

/**
 * How Kubernetes' horizontal autoscaler works, as far as a plan counts on it.
 * Source: kubernetes/kubernetes 1.36, pkg/controller/podautoscaler/config/v1alpha1/defaults.go and
 * replica_calculator.go; read 2026-11-22.
 */
export const autoscalerFacts = {
  /** It looks this often. */
  syncSeconds: 15,
  /** Use that is off its target by no more than this share changes nothing. */
  tolerance: 0.1,
  /** metrics-server's resolution, which is also the time that a rate is taken over; its default. */
  metricsSeconds: 15,
} as const;

/**
 * Seconds from a change of the traffic until the autoscaler asks for replicas, at most: the rate is taken
 * over one period of the metrics, lies there for one, and is looked at within one of its own.
 */
export const noticeSeconds = autoscalerFacts.syncSeconds + 2 * autoscalerFacts.metricsSeconds;

/** How fast the number of replicas may change, in each period. */
export interface ScalingPolicy {
  readonly stabilizationSeconds: number;
  readonly periodSeconds: number;
  readonly percent: number;
  readonly replicas: number;
}

/** Up to a surge's whole height in one step, and never slower than Kubernetes' own default. */
export function scaleUpFor(surgeFactor: number): ScalingPolicy {
  const percent = Math.max(growth.percent, Math.ceil((surgeFactor - 1) * 100));
  return {
    stabilizationSeconds: 0,
    periodSeconds: growth.periodSeconds,
    percent,
    replicas: growth.replicas,
  };
}

const longestStabilizationSeconds = 3600;

/**
 * What is given back would take a reaction to come again: three of them are waited for, five minutes at
 * least (Kubernetes' default), an hour at most (its limit). Then half of them a minute: a metric
 * that went wrong must not take the replicas away at once.
 */
export function scaleDownFor(reactionSeconds: number): ScalingPolicy {
  const wanted = Math.ceil(reactionSeconds / 20) * 60;
  return {
    stabilizationSeconds: Math.min(longestStabilizationSeconds, Math.max(300, wanted)),
    periodSeconds: 60,
    percent: 50,
    replicas: 1,
  };
}
