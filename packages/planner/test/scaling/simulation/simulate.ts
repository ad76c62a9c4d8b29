import { autoscalerFacts, type ScalingDemand, type ScalingPlan } from '../../../src';
import { Autoscaler } from './autoscaler';
import { Pod } from './pod';
import { randomNumbers } from './random';

/** Requests a second at some second. */
export type Rate = (second: number) => number;

export interface Simulated {
  readonly requests: number;
  /** Share of requests that were answered within the objective. */
  readonly withinObjective: number;
  /** That share in the worst five minutes. */
  readonly worstFiveMinutes: number;
  /** Seconds that replicas were there, ready or not. */
  readonly replicaSeconds: number;
  readonly mostReplicas: number;
}

/** Share of the autoscaler's looks at a pod at which the metrics API has nothing to say. */
const missingShare = 0.01;
const windowSeconds = 300;

/**
 * Requests that come at random (Poisson) to pods that a Service picks at random, under Kubernetes'
 * autoscaler: every request is followed through the queue of its pod.
 */
export function simulate(
  demand: ScalingDemand,
  plan: ScalingPlan,
  { rate, seconds, seed }: { readonly rate: Rate; readonly seconds: number; readonly seed: number },
): Simulated {
  const random = randomNumbers(seed);
  const { replica, coldStart, p99LatencyMillis } = demand;
  const warm = { nodeSeconds: 0, imagePullSeconds: 0, loadSeconds: 0, firstInferenceSeconds: 0 };
  const begin = -600;
  const wanted = Math.ceil(rate(0) / plan.target.requestsPerSecond);
  const first = Math.min(plan.maxReplicas, Math.max(plan.minReplicas, wanted));
  const pods = Array.from({ length: first }, () => new Pod(begin, replica, warm));
  const autoscaler = new Autoscaler(plan, (plan.target.cpuPercent ?? 100) / 100);
  const syncAt = Math.floor(random() * autoscalerFacts.syncSeconds);
  const windows: { requests: number; within: number }[] = [];
  let [replicaSeconds, mostReplicas] = [0, 0];
  for (let second = -60; second < seconds; second++) {
    const ready = pods.filter(({ readyAt }) => readyAt <= second);
    const perSecond = rate(Math.max(0, second));
    const window = Math.floor(second / windowSeconds);
    const counts = (windows[Math.max(0, window)] ??= { requests: 0, within: 0 });
    for (let at = second + gap(random, perSecond); at < second + 1; at += gap(random, perSecond)) {
      const pod = ready[Math.floor(random() * ready.length)];
      const millis = pod?.answer(at) ?? Infinity;
      if (second < 0) continue;
      counts.requests += 1;
      if (millis <= p99LatencyMillis) counts.within += 1;
    }
    if (second % autoscalerFacts.syncSeconds === syncAt && second >= 0) {
      const seen = pods.map((pod) =>
        random() < missingShare ? { use: undefined, isUnready: false } : pod.metric(second),
      );
      const next = autoscaler.decide(second, pods.length, seen);
      while (pods.length < next) pods.push(new Pod(second, replica, coldStart));
      // The youngest go first, as those of a ReplicaSet do.
      pods.length = next;
    }
    if (second < 0) continue;
    replicaSeconds += pods.length;
    mostReplicas = Math.max(mostReplicas, pods.length);
  }
  const total = windows.reduce((sum, { requests }) => sum + requests, 0);
  const within = windows.reduce((sum, one) => sum + one.within, 0);
  const shares = windows
    .filter(({ requests }) => requests > 0)
    .map((one) => one.within / one.requests);
  return {
    requests: total,
    withinObjective: within / total,
    worstFiveMinutes: Math.min(...shares),
    replicaSeconds,
    mostReplicas,
  };
}

/** Seconds until the next request of a Poisson stream. */
function gap(random: () => number, perSecond: number): number {
  return perSecond > 0 ? -Math.log(1 - random()) / perSecond : Infinity;
}
