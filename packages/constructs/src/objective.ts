import type { Duration } from 'cdk8s';

/** How well an endpoint serves. Resources, replicas and probes are computed from it. */
export interface Objective {
  /** Latency that 99% of requests keep, measured at the server. */
  readonly p99Latency: Duration;
  /** Share of time that the endpoint answers, in percent: `99.9`. */
  readonly availabilityPercent: number;
}

/** How much an endpoint is asked. */
export interface Traffic {
  /**
   * Requests a second at the busiest time, over all sites together. Each site is sized to carry them
   * all, because the other may be lost.
   */
  readonly peakRequestsPerSecond: number;
}
