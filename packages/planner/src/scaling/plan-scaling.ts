import { replicasFor } from '../availability';
import {
  autoscalerFacts,
  noticeSeconds,
  scaleDownFor,
  scaleUpFor,
  type ScalingPolicy,
} from './autoscaler-facts';
import { type ColdStart, coldStartSeconds } from './cold-start';
import { fullRate, inFlightAt, peakShare, safeRate } from './replica-rate';
import {
  growthWithin,
  knownTraffic,
  type KnownTraffic,
  type ScalingDemand,
  validateDemand,
} from './scaling-demand';
import { refuseMore, refuseSlow } from './refusals';
import { reasons } from './scaling-reasons';

/** What each replica is held at, in the terms of each metric. */
export interface ScalingTarget {
  readonly requestsPerSecond: number;
  /** CPU use in percent of the request; left out where CPU limits nothing. */
  readonly cpuPercent?: number;
  /** Requests in its hands, on average. */
  readonly inFlight: number;
  /** Time that its workers are busy, in percent: what a GPU that they share is used. */
  readonly busyPercent: number;
}

/** How many replicas there are, and what changes their number. */
export interface ScalingPlan {
  readonly minReplicas: number;
  /** The least outside of busy hours. */
  readonly quietReplicas: number;
  /** Replicas that carry the peak. */
  readonly peakReplicas: number;
  readonly maxReplicas: number;
  readonly target: ScalingTarget;
  /** Requests a second that one replica answers within the objective. */
  readonly safeRequestsPerSecond: number;
  /** What the rate may have multiplied by when the replicas for it answer. */
  readonly growthFactor: number;
  /** Replicas beyond what the traffic takes when a surge may come from them to the peak. */
  readonly spareReplicas: number;
  readonly coldStart: ColdStart;
  /** From a change of the traffic until new replicas answer. */
  readonly reactionSeconds: number;
  readonly scaleUp: ScalingPolicy;
  readonly scaleDown: ScalingPolicy;
  /** Short sentences with the numbers. */
  readonly why: readonly string[];
}

/**
 * Plans the replicas of an endpoint so that a surge finds its objective kept while the autoscaler is still
 * on its way:
 *
 *     safe     = requests/s that one replica answers within the objective
 *     reaction = notice (sync, age and span of the metrics) + cold start
 *     growth   = what a surge multiplies the rate by within the reaction
 *     target   = safe ÷ growth ÷ 1.1     what a replica is held at; the autoscaler lets 10 % pass
 *     least    = min(quiet × growth, peak) ÷ safe, and what availability needs
 *     peak     = peak ÷ min(safe, 70 % of all)
 *
 * At every moment there are replicas for the rate of one reaction ago at the target, and so enough at
 * `safe` for now. Simulations hold it to that. Not accounted for: callers whose connections stay with one
 * replica, replicas that are lost beyond the 30 % that the peak leaves, a second surge before the first
 * one's replicas answer.
 *
 * @throws RangeError for a demand out of range, naming the field
 * @throws PlanError for an objective that no number of replicas meets, with the nearest
 */
export function planScaling(demand: ScalingDemand): ScalingPlan {
  validateDemand(demand);
  refuseSlow(demand);
  const { replica, p99LatencyMillis, coldStart } = demand;
  const traffic = knownTraffic(demand);
  const full = fullRate(replica);
  const safe = safeRate(replica, p99LatencyMillis);
  const atPeak = Math.min(safe, full * peakShare);

  const reactionSeconds = noticeSeconds + coldStartSeconds(coldStart);
  const growthFactor = growthWithin(traffic.surge, reactionSeconds);
  const floor = replicasFor(demand.availabilityPercent);
  const minReplicas = Math.max(
    floor,
    Math.ceil(reachedFrom(traffic.quiet, traffic, growthFactor) / safe),
  );
  const peakReplicas = Math.max(minReplicas, Math.ceil(traffic.peak / atPeak));
  // Where the least replicas carry the peak, no surge can outgrow them.
  const carriesAll = minReplicas * safe >= traffic.peak;
  const held = carriesAll
    ? atPeak
    : Math.min(atPeak, safe / growthFactor / (1 + autoscalerFacts.tolerance));
  const target = targetAt(demand, held);
  const counts = { minReplicas, peakReplicas, atPeak, growthFactor };
  const planned: Omit<ScalingPlan, 'why'> = {
    minReplicas,
    quietReplicas: Math.max(floor, Math.ceil(traffic.quiet / atPeak)),
    peakReplicas,
    maxReplicas: maxReplicas(demand, counts),
    target,
    safeRequestsPerSecond: safe,
    growthFactor,
    spareReplicas: spareReplicas(traffic, counts, target),
    coldStart,
    reactionSeconds,
    scaleUp: scaleUpFor(traffic.surge.factor),
    scaleDown: scaleDownFor(reactionSeconds),
  };
  return { ...planned, why: reasons(demand, planned) };
}

/** The rate that a surge can have brought when the replicas for it answer. */
function reachedFrom(rate: number, { peak }: KnownTraffic, growthFactor: number): number {
  return Math.min(rate * growthFactor, peak);
}

/** A target is a whole percentage or a thousandth to the autoscaler: rounded down, so that it holds more. */
function targetAt({ replica }: ScalingDemand, rate: number): ScalingTarget {
  const { cpu, workers, inferenceMillis } = replica;
  const percent = (share: number): number => Math.max(1, Math.floor(share * 100 + 1e-9));
  return {
    requestsPerSecond: rate,
    ...(cpu && { cpuPercent: percent((rate * cpu.millisPerRequest) / cpu.requestMillis) }),
    inFlight: Math.max(1, Math.floor(inFlightAt(replica, rate) * 1000)) / 1000,
    busyPercent: percent((rate * inferenceMillis) / 1000 / workers),
  };
}

/** Twice the peak: a wrong estimate or a lost zone must not meet the ceiling first. */
function maxReplicas(demand: ScalingDemand, { minReplicas, peakReplicas, atPeak }: Counts): number {
  const wanted = Math.max(minReplicas + 1, peakReplicas * 2);
  if (demand.mostReplicas === undefined) return wanted;
  refuseMore(demand, peakReplicas, atPeak);
  return Math.min(wanted, demand.mostReplicas);
}

interface Counts {
  readonly minReplicas: number;
  readonly peakReplicas: number;
  readonly atPeak: number;
  readonly growthFactor: number;
}

/** Counted where a surge just reaches the peak: the most that it ever takes. */
function spareReplicas(traffic: KnownTraffic, counts: Counts, target: ScalingTarget): number {
  const { minReplicas, atPeak, growthFactor } = counts;
  const before = Math.max(traffic.quiet, traffic.peak / growthFactor);
  const running = Math.max(minReplicas, Math.ceil(before / target.requestsPerSecond));
  return Math.max(0, running - Math.ceil(before / atPeak));
}
