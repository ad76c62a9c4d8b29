/** A site that takes over the traffic of one that is lost. */
export interface Takeover {
  /** Seconds from the loss until callers are led to the site. */
  readonly failoverSeconds: number;
  /** Replicas that it has then. */
  readonly idleReplicas: number;
  /** Replicas that the whole traffic takes. */
  readonly peakReplicas: number;
  /** Seconds until a new replica answers. */
  readonly startupSeconds: number;
}

/** Seconds from the loss of a site. */
export interface RecoveryTime {
  /** Until callers are answered again, as far as the replicas that are there carry them. */
  readonly firstAnswerSeconds: number;
  /** Until the whole peak is carried. */
  readonly fullCapacitySeconds: number;
}

/**
 * How fast a workload grows: in each period by as many replicas as there are, or by four, whichever is
 * more. Kubernetes' own default (kubernetes/kubernetes 1.36, pkg/apis/autoscaling/v2/defaults.go; read
 * 2026-11-22), which constructs write out so that it stays.
 */
export const growth = { periodSeconds: 15, percent: 100, replicas: 4 } as const;

/**
 * Age of the metrics that the autoscaler sees, at most: its own period (kubernetes 1.36,
 * pkg/controller/podautoscaler/config/v1alpha1/defaults.go: 15 s; read 2026-11-22) and metrics-server's
 * resolution, of which 15 s are assumed.
 */
const metricAgeSeconds = 30;

/**
 * Time that a takeover takes:
 *
 *     first answer  = failover
 *     full capacity = failover + age of metrics + a period for each step of growth + start of a replica
 *
 * Not accounted for: nodes that have to be made first, and images that a node has yet to pull.
 */
export function recoveryTime(takeover: Takeover): RecoveryTime {
  const { failoverSeconds, idleReplicas, peakReplicas, startupSeconds } = takeover;
  const steps = stepsBetween(idleReplicas, peakReplicas);
  const growthSeconds =
    steps === 0 ? 0 : metricAgeSeconds + steps * growth.periodSeconds + startupSeconds;
  return {
    firstAnswerSeconds: failoverSeconds,
    fullCapacitySeconds: failoverSeconds + growthSeconds,
  };
}

function stepsBetween(idle: number, peak: number): number {
  let steps = 0;
  for (let replicas = idle; replicas < peak; steps += 1) {
    replicas += Math.max(replicas * (growth.percent / 100), growth.replicas);
  }
  return steps;
}
