import { meanWait, waitOf99 } from '../waiting';

/** What one replica does, in the plain numbers of a queue. */
export interface ReplicaShape {
  /** Inferences that run at once. */
  readonly workers: number;
  /** Time of one, on the threads that it has. */
  readonly inferenceMillis: number;
  /** Time of a request besides. */
  readonly overheadMillis: number;
  /** CPU that a request takes, and that a replica is guaranteed; left out where CPU limits nothing. */
  readonly cpu?: { readonly millisPerRequest: number; readonly requestMillis: number };
  /** Whether the time of an inference was estimated: no ground to refuse an objective. */
  readonly isEstimated: boolean;
}

/** Share of a replica's capacity that the peak may take: one zone of three may be lost. */
export const peakShare = 0.7;

/** Requests a second at which every core that a replica is guaranteed, or every worker, is busy. */
export function fullRate({ workers, inferenceMillis, cpu }: ReplicaShape): number {
  const byWorkers = (workers * 1000) / inferenceMillis;
  if (cpu === undefined) return byWorkers;
  return Math.min(byWorkers, cpu.requestMillis / cpu.millisPerRequest);
}

/** Milliseconds that a request may wait for a worker. */
export function patienceMillis(shape: ReplicaShape, p99LatencyMillis: number): number {
  return p99LatencyMillis - shape.inferenceMillis - shape.overheadMillis;
}

/**
 * The most requests a second that one replica answers within an objective: none of its guaranteed cores is
 * overcommitted, and 99% wait no longer for a worker than the objective leaves. By bisection; what waits
 * grows with the load.
 */
export function safeRate(shape: ReplicaShape, p99LatencyMillis: number): number {
  const full = fullRate(shape);
  const patience = patienceMillis(shape, p99LatencyMillis);
  // What was estimated keeps the share that sizes were computed with.
  if (patience < 0) return full * peakShare;
  const { workers, inferenceMillis } = shape;
  const fits = (rate: number): boolean =>
    waitOf99(workers, (rate * inferenceMillis) / 1000) * inferenceMillis <= patience;
  if (fits(full)) return full;
  let [low, high] = [0, full];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Requests that are in a replica's hands on average at some rate: Little's law. */
export function inFlightAt(shape: ReplicaShape, rate: number): number {
  const { workers, inferenceMillis, overheadMillis } = shape;
  const load = (rate * inferenceMillis) / 1000;
  return (
    (rate * (inferenceMillis + overheadMillis + meanWait(workers, load) * inferenceMillis)) / 1000
  );
}
