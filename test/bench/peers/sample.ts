/** What one contender did in one round of one case. */
export interface Sample {
  /** For the engine alone: rows. */
  readonly requestsPerSecond: number;
  /** Of the server's processes, a request. */
  readonly cpuMicros: number;
  /** Undefined for the engine alone, which answers nobody. */
  readonly p50Millis?: number;
  readonly p99Millis?: number;
}

/** Our round and another's just after it. */
export interface Pair {
  readonly ours: Sample;
  readonly theirs: Sample;
}
