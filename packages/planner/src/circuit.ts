/** What a mesh has to know of a workload to keep its callers from harm, in plain numbers. */
export interface CircuitDemand {
  /** Latency that 99% of requests keep, in milliseconds. */
  readonly p99LatencyMillis: number;
  /** Requests a second at the busiest time. */
  readonly peakRequestsPerSecond: number;
  /** Requests that one replica may have under way and still answer in time. */
  readonly inFlightPerReplica: number;
  readonly idleReplicas: number;
  readonly peakReplicas: number;
  readonly maxReplicas: number;
  /** Seconds until a new replica answers. */
  readonly startupSeconds: number;
  /** Whether others answer where no replica is left: then all may be ejected. */
  readonly hasReserve: boolean;
}

/** Where a mesh stops. */
export interface Circuit {
  /** Time for a request, all its tries together. */
  readonly timeoutMillis: number;
  readonly connectTimeoutMillis: number;
  /** Requests that one caller's proxy may have under way. */
  readonly maxRequests: number;
  /** Requests that it may be sending again at once. */
  readonly maxRetries: number;
  /** Errors of a replica, one after the other, after which it is left alone. */
  readonly consecutiveErrors: number;
  readonly maxEjectionPercent: number;
  /** Seconds over which a new replica gets its full share. */
  readonly warmupSeconds: number;
}

/** A request that takes this many objectives is lost, whatever becomes of it. */
const timeoutFactor = 5;
/** A new connection, with its handshake, to a node that is busy. */
const leastTimeoutMillis = 1000;
const connectTimeoutMillis = 500;
const retryShare = 0.2;
const fewestRetries = 3;
const fewestErrors = 5;
const mostErrors = 20;
const warmupShare = 0.25;
const longestWarmupSeconds = 60;

/**
 * Limits from the objective, the traffic and the replicas:
 *
 *     time-out   = 5 × p99 latency, 1 s at least
 *     requests   = most replicas × requests under way in one
 *     retries    = a fifth of these, 3 at least: more would be a second wave
 *     errors     = what a replica is asked in a second at the peak, 5 to 20
 *     ejected    = one replica of those that are there without traffic; of a single one none; all where
 *                  others stand by
 *     warm-up    = a quarter of the start, 60 s at most: what is loaded and was tried is slow only at first
 *
 * An overloaded replica answers errors too (503), between answers. Were it ejected, the others would be
 * next: hence as many errors as a replica that answers half of its requests has one after the other
 * once in a million.
 */
export function circuitFor(demand: CircuitDemand): Circuit {
  const { idleReplicas, maxReplicas, peakReplicas } = demand;
  const maxRequests = maxReplicas * Math.max(1, Math.ceil(demand.inFlightPerReplica));
  const errors = Math.ceil(demand.peakRequestsPerSecond / Math.max(1, peakReplicas));
  return {
    timeoutMillis: Math.ceil(Math.max(leastTimeoutMillis, timeoutFactor * demand.p99LatencyMillis)),
    connectTimeoutMillis,
    maxRequests,
    maxRetries: Math.max(fewestRetries, Math.ceil(maxRequests * retryShare)),
    consecutiveErrors: Math.min(mostErrors, Math.max(fewestErrors, errors)),
    // Envoy counts the one that it would eject, so that 50 keep the last one of all.
    maxEjectionPercent: demand.hasReserve ? 100 : Math.ceil(100 / Math.max(2, idleReplicas)),
    warmupSeconds: Math.min(longestWarmupSeconds, Math.ceil(demand.startupSeconds * warmupShare)),
  };
}
