import { autoscalerFacts, type ScalingPlan, type ScalingPolicy } from '../../../src';

/** What the autoscaler knows of a pod. */
export interface PodMetric {
  /** Use in parts of the request; `undefined` where the metrics API has none. */
  readonly use: number | undefined;
  /** Not started, not ready, or ready for less than what the metric was taken over. */
  readonly isUnready: boolean;
}

interface Change {
  readonly at: number;
  readonly by: number;
}

/**
 * Kubernetes' horizontal autoscaler on a resource metric, with its behaviour: what `GetResourceReplicas`
 * and `normalizeDesiredReplicasWithBehaviors` do (kubernetes 1.36, pkg/controller/podautoscaler; read
 * 2026-11).
 */
export class Autoscaler {
  private readonly recommended: { readonly at: number; readonly replicas: number }[] = [];
  private readonly changes: Change[] = [];

  constructor(
    private readonly plan: ScalingPlan,
    private readonly targetUse: number,
  ) {}

  /** Replicas that it sets, given those that are set. */
  decide(now: number, replicas: number, pods: readonly PodMetric[]): number {
    const wanted = wantedReplicas(replicas, pods, this.targetUse);
    const stable = this.stabilized(now, replicas, wanted);
    const { minReplicas, maxReplicas, scaleUp, scaleDown } = this.plan;
    const highest = Math.min(maxReplicas, this.mostWithin(now, replicas, scaleUp));
    const lowest = Math.max(minReplicas, this.leastWithin(now, replicas, scaleDown));
    const next = Math.max(lowest, Math.min(highest, stable));
    if (next !== replicas) this.changes.push({ at: now, by: next - replicas });
    return next;
  }

  /** The lowest of the way up's window, the highest of the way down's. */
  private stabilized(now: number, replicas: number, wanted: number): number {
    const within = (seconds: number) =>
      this.recommended.filter(({ at }) => at > now - seconds).map((one) => one.replicas);
    const up = Math.min(wanted, ...within(this.plan.scaleUp.stabilizationSeconds));
    const down = Math.max(wanted, ...within(this.plan.scaleDown.stabilizationSeconds));
    this.recommended.push({ at: now, replicas: wanted });
    return Math.min(Math.max(replicas, up), down);
  }

  private mostWithin(now: number, replicas: number, policy: ScalingPolicy): number {
    const before = this.atPeriodStart(now, replicas, policy);
    return Math.max(
      before + policy.replicas,
      Math.ceil(before * (1 + policy.percent / 100)),
      replicas,
    );
  }

  private leastWithin(now: number, replicas: number, policy: ScalingPolicy): number {
    const before = this.atPeriodStart(now, replicas, policy);
    return Math.min(
      before - policy.replicas,
      Math.floor(before * (1 - policy.percent / 100)),
      replicas,
    );
  }

  private atPeriodStart(now: number, replicas: number, { periodSeconds }: ScalingPolicy): number {
    const recent = this.changes.filter(({ at }) => at > now - periodSeconds);
    return recent.reduce((sum, { by }) => sum - by, replicas);
  }
}

function wantedReplicas(replicas: number, pods: readonly PodMetric[], target: number): number {
  const missing = pods.filter(({ use }) => use === undefined).length;
  const unready = pods.filter(({ use, isUnready }) => use !== undefined && isUnready).length;
  const uses = pods.flatMap(({ use, isUnready }) => (use === undefined || isUnready ? [] : [use]));
  if (uses.length === 0) return replicas;
  const used = uses.reduce((sum, use) => sum + use, 0);
  const ratio = used / uses.length / target;
  const isOff = (value: number) => Math.abs(1 - value) > autoscalerFacts.tolerance;
  if (missing === 0 && !(unready > 0 && ratio > 1)) {
    return isOff(ratio) ? Math.ceil(ratio * uses.length) : replicas;
  }
  // On the way up what has no metric uses nothing, on the way down all of its request.
  const missingUse = ratio < 1 ? Math.max(1, target) : 0;
  const counted = uses.length + missing + (ratio > 1 ? unready : 0);
  const corrected = (used + missing * missingUse) / counted / target;
  if (!isOff(corrected) || (ratio < 1 && corrected > 1) || (ratio > 1 && corrected < 1)) {
    return replicas;
  }
  const next = Math.ceil(corrected * counted);
  const turns = (corrected < 1 && next > replicas) || (corrected > 1 && next < replicas);
  return turns ? replicas : next;
}
