/** Availability in percent that one site can have at most, and two or more together. */
export const highestAvailabilityPercent = {
  /**
   * What clouds promise for machines in several zones of one region; no number of replicas is more
   * available than the region that they run in.
   * Source: Amazon Compute Service Level Agreement, region level (version of 2022-05-05, read
   * 2026-11-22).
   */
  oneSite: 99.99,
  /**
   * Computed: switching a caller from one site to the other takes minutes, and five minutes are all
   * that a year at 99.999 % has.
   */
  severalSites: 99.999,
} as const;

/** Below this a number was meant as a share: 0.999. */
export const lowestAvailabilityPercent = 50;

/** Replicas that keep the availability while one is lost or replaced. */
export function replicasFor(availabilityPercent: number): number {
  if (availabilityPercent >= 99.9) return 3;
  return availabilityPercent >= 99 ? 2 : 1;
}
