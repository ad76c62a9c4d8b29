import { replicasFor } from '../availability';
import { PlanError } from './plan-error';
import { patienceMillis } from './replica-rate';
import type { ScalingDemand } from './scaling-demand';
import { shown } from './shown';

/**
 * An inference that is measured to take longer than the objective is not made faster by replicas. The
 * nearest leaves half of it for waiting, as sizes do.
 *
 * @throws PlanError
 */
export function refuseSlow({ replica, p99LatencyMillis }: ScalingDemand): void {
  if (replica.isEstimated || patienceMillis(replica, p99LatencyMillis) > 0) return;
  const { inferenceMillis, overheadMillis } = replica;
  const nearest = Math.ceil(2 * (inferenceMillis + overheadMillis));
  throw new PlanError(
    `a p99 latency of ${p99LatencyMillis} ms cannot be met by any number of replicas: one inference takes ${shown(inferenceMillis)} ms; the nearest that can is ${nearest} ms`,
    { p99LatencyMillis: nearest },
  );
}

/** Highest availability that some replicas keep: just below what takes one more. */
const availabilityOf: Readonly<Record<number, number>> = { 1: 98.99, 2: 99.89 };

/**
 * @param atPeak requests a second that each replica carries at the peak
 * @throws PlanError where the demand takes more replicas than there may be
 */
export function refuseMore(demand: ScalingDemand, peakReplicas: number, atPeak: number): void {
  const { mostReplicas: most = Infinity, availabilityPercent, traffic } = demand;
  if (peakReplicas <= most) return;
  const floor = replicasFor(availabilityPercent);
  const availability = availabilityOf[most];
  if (floor > most && availability !== undefined) {
    throw new PlanError(
      `an availability of ${availabilityPercent} % takes ${floor} replicas, and there may be ${most}; the nearest that can be kept is ${availability} %`,
      { availabilityPercent: availability },
    );
  }
  const peak = traffic.peakRequestsPerSecond;
  const digits = 10 ** Math.max(0, 2 - Math.floor(Math.log10(most * atPeak)));
  const nearest = Math.floor(most * atPeak * digits) / digits;
  throw new PlanError(
    `a peak of ${shown(peak)} requests/s takes ${peakReplicas} replicas, and there may be ${most}; the nearest that they carry is ${nearest} requests/s`,
    { peakRequestsPerSecond: nearest },
  );
}
