import { replicasFor } from '../availability';
import { noticeSeconds } from './autoscaler-facts';
import { coldStartSeconds, isPullDominant } from './cold-start';
import type { ScalingPlan } from './plan-scaling';
import { patienceMillis } from './replica-rate';
import { knownTraffic, type ScalingDemand } from './scaling-demand';
import { shown } from './shown';

type Planned = Omit<ScalingPlan, 'why'>;

/** Why a plan is what it is: short sentences with the numbers. */
export function reasons(demand: ScalingDemand, plan: Planned): readonly string[] {
  return [
    safe(demand, plan),
    reaction(plan),
    growth(demand, plan),
    least(demand, plan),
    held(demand, plan),
    peak(demand, plan),
    ...schedule(demand, plan),
    ...advice(plan),
  ];
}

function safe({ replica, p99LatencyMillis }: ScalingDemand, plan: Planned): string {
  const { workers, inferenceMillis, isEstimated } = replica;
  const inference = `${workers} at a time, ${shown(inferenceMillis)} ms each${isEstimated ? ' (estimated from the size of the weights)' : ''}`;
  if (patienceMillis(replica, p99LatencyMillis) < 0) {
    return `A replica is taken to answer ${shown(plan.safeRequestsPerSecond)} requests/s: ${inference}, which is more than the p99 of ${shown(p99LatencyMillis)} ms; measure it (manara profile).`;
  }
  return `A replica answers ${shown(plan.safeRequestsPerSecond)} requests/s with a p99 of ${shown(p99LatencyMillis)} ms: ${inference}, the wait for a turn included.`;
}

function reaction({ coldStart, reactionSeconds }: Planned): string {
  const parts = [
    [coldStart.nodeSeconds, 'a node'],
    [coldStart.imagePullSeconds, 'the image'],
    [coldStart.loadSeconds, 'the model'],
    [coldStart.firstInferenceSeconds, 'the first inference'],
  ] as const;
  const named = parts.filter(([seconds]) => seconds > 0);
  const detail = named.map(([seconds, what]) => `${shown(seconds)} s for ${what}`).join(', ');
  return `New replicas answer ${shown(reactionSeconds)} s after the traffic changed: ${noticeSeconds} s until the autoscaler asks for them, ${shown(coldStartSeconds(coldStart))} s of cold start${detail === '' ? '' : ` (${detail})`}${coldStart.nodeSeconds === 0 ? '; nodes are taken to have room' : ''}.`;
}

function growth(demand: ScalingDemand, { growthFactor, reactionSeconds }: Planned): string {
  const { factor, withinSeconds } = knownTraffic(demand).surge;
  const from = demand.traffic.surge === undefined ? 'assumed, as no surge is given' : 'as given';
  return `Meanwhile the rate may multiply by ${shown(growthFactor)}: a surge of × ${shown(factor)} within ${shown(withinSeconds)} s (${from}), of which ${shown(Math.min(reactionSeconds, withinSeconds))} s pass.`;
}

function least(demand: ScalingDemand, plan: Planned): string {
  const { quiet, peak: most } = knownTraffic(demand);
  const from =
    demand.traffic.quietRequestsPerSecond === undefined
      ? ', assumed to be a tenth of the peak'
      : '';
  const reached = Math.min(quiet * plan.growthFactor, most);
  const bySurge = Math.ceil(reached / plan.safeRequestsPerSecond);
  const floor = replicasFor(demand.availabilityPercent);
  return `At least ${plan.minReplicas}: ${floor} for an availability of ${demand.availabilityPercent} %, ${bySurge} for a surge from ${shown(quiet)} to ${shown(reached)} requests/s at the quietest time${from}.`;
}

function held(demand: ScalingDemand, plan: Planned): string {
  const { requestsPerSecond, cpuPercent, inFlight } = plan.target;
  const cpu = cpuPercent === undefined ? '' : `${cpuPercent} % of its CPU request, `;
  const at = `Each is held at ${shown(requestsPerSecond)} requests/s (${cpu}${shown(inFlight)} in flight)`;
  const { peak: most } = knownTraffic(demand);
  if (plan.minReplicas * plan.safeRequestsPerSecond >= most) {
    return `${at}: the least replicas carry the peak, so no surge outgrows them.`;
  }
  if (plan.spareReplicas === 0) return `${at}: at the peak a third of the rest may be lost.`;
  return `${at}, so that up to ${plan.spareReplicas} spare replicas carry a surge until the others answer.`;
}

function peak({ mostReplicas }: ScalingDemand, plan: Planned): string {
  const limit =
    plan.maxReplicas === mostReplicas
      ? 'as many as there may be'
      : 'twice that, so that a wrong estimate or a lost zone does not meet the ceiling';
  return `The peak takes ${plan.peakReplicas}; at most ${plan.maxReplicas}, ${limit}.`;
}

function schedule(
  { traffic }: ScalingDemand,
  { minReplicas, quietReplicas }: Planned,
): readonly string[] {
  if (traffic.hasBusyHours !== true) return [];
  if (quietReplicas >= minReplicas)
    return [`Outside of busy hours as many: ${minReplicas} are needed by day and by night.`];
  return [
    `Outside of busy hours ${quietReplicas} do, where the schedule scales (KEDA): no surge is expected then.`,
  ];
}

function advice({ coldStart, spareReplicas }: Planned): readonly string[] {
  return [
    ...(coldStart.nodeSeconds > 0 && spareReplicas > 0
      ? [
          `Room kept free on nodes (SpareCapacity) takes the ${shown(coldStart.nodeSeconds)} s for a node out of every cold start.`,
        ]
      : []),
    ...(isPullDominant(coldStart)
      ? ['The image is most of a cold start: nodes pull it ahead of the pods.']
      : []),
  ];
}
