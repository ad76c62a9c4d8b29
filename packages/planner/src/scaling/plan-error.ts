/** The change that would do, of the one thing that it names. */
export interface Nearest {
  /** Lowest p99 latency that can be met. */
  readonly p99LatencyMillis?: number;
  /** Highest availability that can be met, in percent. */
  readonly availabilityPercent?: number;
  /** Most traffic that can be carried. */
  readonly peakRequestsPerSecond?: number;
}

/** An objective that no number of replicas meets; `nearest` is what one would. */
export class PlanError extends Error {
  constructor(
    message: string,
    readonly nearest: Nearest,
  ) {
    super(message);
    this.name = 'PlanError';
  }
}
