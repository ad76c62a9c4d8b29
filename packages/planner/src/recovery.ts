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
  /**
   * Replicas that the autoscaler asks for at most for each one that is ready: CPU limit ÷ request ÷ target
   * utilization, since no pod uses more than its limit.
   */
  readonly growthFactor: number;
}

/** Seconds from the loss of a site. */
export interface RecoveryTime {
  /** Until callers are answered again, as far as the replicas that are there carry them. */
  readonly firstAnswerSeconds: number;
  /** Until the whole peak is carried. */
  readonly fullCapacitySeconds: number;
}

/**
 * How fast a workload may grow: in each period by as many replicas as there are, or by four, whichever is
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
 *     full capacity = failover + steps of growth × (age of metrics + a period + start of a replica)
 *
 * A step waits for the replicas of the one before: on the way up, the autoscaler counts a pod that is not
 * ready as one that uses nothing, so that it asks for no more than `growthFactor` for each that is
 * (kubernetes 1.36, pkg/controller/podautoscaler/replica_calculator.go; read 2026-11-22).
 *
 * Not accounted for: nodes that have to be made first or have no idle cores up to the limit, and images
 * that a node has yet to pull.
 */
export function recoveryTime(takeover: Takeover): RecoveryTime {
  const { failoverSeconds, startupSeconds } = takeover;
  const stepSeconds = metricAgeSeconds + growth.periodSeconds + startupSeconds;
  return {
    firstAnswerSeconds: failoverSeconds,
    fullCapacitySeconds: failoverSeconds + stepsOf(takeover) * stepSeconds,
  };
}

function stepsOf({ idleReplicas, peakReplicas, growthFactor }: Takeover): number {
  let steps = 0;
  for (let replicas = idleReplicas; replicas < peakReplicas; steps += 1) {
    replicas += Math.min(mostAdded(replicas), mostAskedFor(replicas, growthFactor));
  }
  return steps;
}

/** What the policies let the autoscaler add. */
function mostAdded(replicas: number): number {
  return Math.max(replicas * (growth.percent / 100), growth.replicas);
}

/** What use lets it ask for beyond what there is; a workload that is overloaded gets at least one. */
function mostAskedFor(replicas: number, growthFactor: number): number {
  return Math.max(1, Math.floor(replicas * growthFactor) - replicas);
}
