import { lowestAvailabilityPercent } from '../availability';
import type { ColdStart } from './cold-start';
import type { ReplicaShape } from './replica-rate';

/** How fast traffic may grow: the rate multiplies by up to `factor` within some time, then holds a while. */
export interface SurgeDemand {
  readonly factor: number;
  readonly withinSeconds: number;
}

/** What an endpoint is asked, over a day. */
export interface TrafficProfile {
  /** Requests a second at the busiest time. */
  readonly peakRequestsPerSecond: number;
  /**
   * Requests a second at the quietest time, and outside of busy hours.
   * @default - a tenth of the peak
   */
  readonly quietRequestsPerSecond?: number;
  /**
   * How fast it may grow.
   * @default - doubling within five minutes
   */
  readonly surge?: SurgeDemand;
  /** Whether hours are known outside of which the traffic is quiet. */
  readonly hasBusyHours?: boolean;
}

/** What an autoscaler must keep, in plain numbers. */
export interface ScalingDemand {
  /** Latency that 99% of requests keep. */
  readonly p99LatencyMillis: number;
  readonly availabilityPercent: number;
  readonly traffic: TrafficProfile;
  readonly replica: ReplicaShape;
  readonly coldStart: ColdStart;
  /**
   * Replicas that there may be at most, by a quota for example.
   * @default - as many as it takes
   */
  readonly mostReplicas?: number;
}

/** What is taken for granted of a traffic of which only the peak is known. */
export const assumedTraffic = {
  quietShare: 0.1,
  surge: { factor: 2, withinSeconds: 300 },
} as const;

/** A traffic of which nothing is left out. */
export interface KnownTraffic {
  readonly peak: number;
  readonly quiet: number;
  readonly surge: SurgeDemand;
}

export function knownTraffic({ traffic }: ScalingDemand): KnownTraffic {
  const { peakRequestsPerSecond: peak, quietRequestsPerSecond, surge } = traffic;
  return {
    peak,
    quiet: quietRequestsPerSecond ?? peak * assumedTraffic.quietShare,
    surge: surge ?? assumedTraffic.surge,
  };
}

/**
 * What the rate may have multiplied by after some seconds, on an even way up. Linear, which is above any
 * steady multiplication.
 */
export function growthWithin({ factor, withinSeconds }: SurgeDemand, seconds: number): number {
  return 1 + (factor - 1) * Math.min(1, seconds / withinSeconds);
}

/** @throws RangeError for a demand out of range, naming the field */
export function validateDemand(demand: ScalingDemand): void {
  const { traffic, coldStart, replica } = demand;
  const { peakRequestsPerSecond: peak, quietRequestsPerSecond: quiet, surge } = traffic;
  const check = (
    field: string,
    value: number | undefined,
    expected: string,
    holds: boolean,
  ): void => {
    if (value === undefined || (Number.isFinite(value) && holds)) return;
    throw new RangeError(`${field}: expected ${expected}, received ${value}`);
  };
  const positive = (field: string, value: number | undefined): void => {
    check(field, value, 'a number above 0', value !== undefined && value > 0);
  };
  positive('p99LatencyMillis', demand.p99LatencyMillis);
  const { availabilityPercent } = demand;
  const isShare = availabilityPercent >= lowestAvailabilityPercent && availabilityPercent < 100;
  const percentage = `a percentage from ${lowestAvailabilityPercent} to below 100`;
  check('availabilityPercent', availabilityPercent, percentage, isShare);
  positive('traffic.peakRequestsPerSecond', peak);
  const isBelow = quiet !== undefined && quiet >= 0 && quiet <= peak;
  check('traffic.quietRequestsPerSecond', quiet, `a number from 0 to the peak, ${peak}`, isBelow);
  check(
    'traffic.surge.factor',
    surge?.factor,
    'a number above 1',
    surge !== undefined && surge.factor > 1,
  );
  positive('traffic.surge.withinSeconds', surge?.withinSeconds);
  for (const [name, seconds] of Object.entries(coldStart) as [string, number][]) {
    check(`coldStart.${name}`, seconds, 'seconds of 0 or more', seconds >= 0);
  }
  positive('replica.inferenceMillis', replica.inferenceMillis);
  const isCount = (value: number | undefined): boolean =>
    Number.isSafeInteger(value) && Number(value) > 0;
  check('replica.workers', replica.workers, 'a whole number above 0', isCount(replica.workers));
  check(
    'mostReplicas',
    demand.mostReplicas,
    'a whole number above 0',
    isCount(demand.mostReplicas),
  );
}
