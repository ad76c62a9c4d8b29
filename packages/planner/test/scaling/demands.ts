import type { ScalingDemand, ScalingPlan } from '../../src';

/** A model of 200 ms on four threads, asked by an office: nights are quiet, and a surge comes in minutes. */
export const office: ScalingDemand = {
  p99LatencyMillis: 800,
  availabilityPercent: 99.9,
  traffic: {
    peakRequestsPerSecond: 300,
    quietRequestsPerSecond: 20,
    surge: { factor: 2.5, withinSeconds: 240 },
  },
  replica: {
    workers: 4,
    inferenceMillis: 200,
    overheadMillis: 1,
    cpu: { millisPerRequest: 200, requestMillis: 4000 },
    isEstimated: false,
  },
  coldStart: { nodeSeconds: 0, imagePullSeconds: 8, loadSeconds: 40, firstInferenceSeconds: 1 },
};

/** The same plan with half the replicas, each held at twice the load. */
export function halved(plan: ScalingPlan): ScalingPlan {
  const { target } = plan;
  const half = (replicas: number) => Math.max(1, Math.floor(replicas / 2));
  return {
    ...plan,
    minReplicas: half(plan.minReplicas),
    maxReplicas: half(plan.maxReplicas),
    target: {
      ...target,
      requestsPerSecond: target.requestsPerSecond * 2,
      ...(target.cpuPercent === undefined ? {} : { cpuPercent: target.cpuPercent * 2 }),
    },
  };
}
