import { highestAvailabilityPercent, lowestAvailabilityPercent } from '@manara/planner';
import type { Duration } from 'cdk8s';
import { ConstructError } from './construct-error';
import { type Traffic, validateTraffic } from './traffic';

/** How well an endpoint serves. Resources, replicas and probes are computed from it. */
export interface Objective {
  /**
   * Latency that 99% of requests keep, measured at the server. The wait for a free inference thread
   * at the busiest time is part of it; the network between is not. The server refuses at once (503) what
   * it expects to take longer (`objectiveMillis` of its configuration).
   */
  readonly p99Latency: Duration;
  /**
   * Share of time that the endpoint answers, in percent: `99.9`. From 50 to 99.99 on one site, to
   * 99.999 where a second one stands by or shares the load.
   */
  readonly availabilityPercent: number;
}

/** What an endpoint is asked for, and on how many sites, the standby counted. */
export interface Promised {
  readonly objective: Objective;
  readonly traffic: Traffic;
  readonly siteCount: number;
}

/**
 * Checks the ranges of an objective and a traffic, in the words of the props.
 *
 * @param at construct path, for messages
 * @throws ConstructError MANARA_OBJECTIVE
 */
export function validateObjective(at: string, { objective, traffic, siteCount }: Promised): void {
  const refuse = (prop: string, expected: string, received: string): never => {
    throw new ConstructError(
      'MANARA_OBJECTIVE',
      at,
      `${prop}: expected ${expected}; received ${received}`,
    );
  };
  const latency = objective.p99Latency.toMilliseconds();
  if (!(latency > 0)) {
    refuse(
      'objective.p99Latency',
      'a Duration above 0, such as Duration.millis(50)',
      `${latency} ms`,
    );
  }

  const availability = objective.availabilityPercent;
  const { oneSite, severalSites } = highestAvailabilityPercent;
  const highest = siteCount > 1 ? severalSites : oneSite;
  if (!(availability >= lowestAvailabilityPercent && availability <= highest)) {
    refuse(
      'objective.availabilityPercent',
      `a percentage from ${lowestAvailabilityPercent} to ${highest}`,
      `${availability}${availabilityHint(availability, siteCount)}`,
    );
  }

  validateTraffic(at, traffic);
}

function availabilityHint(availability: number, siteCount: number): string {
  if (availability < lowestAvailabilityPercent) {
    const percent = Number((availability * 100).toPrecision(12));
    const isShare = percent >= lowestAvailabilityPercent && percent < 100;
    return `; did you mean ${isShare ? percent : 99.9}?`;
  }
  if (!(availability <= 100)) return '';
  return siteCount > 1
    ? '; no number of replicas or sites is known to keep more'
    : '; one site cannot keep more, however many replicas it has: add a site or a standby, or lower it';
}
