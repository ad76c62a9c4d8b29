/**
 * How long each step of the server's end takes at most, from SIGTERM on. The server keeps these
 * times and the constructs compute a pod's grace period from them, so that neither can drift.
 */
export const drainTimes = {
  /** `drainDelaySeconds` of a pod: time for endpoints and load balancers to look away. */
  delaySeconds: 5,
  /** `drainTimeoutSeconds` of a pod, and the server's own default. */
  timeoutSeconds: 30,
  /** A connection without a request, once no new one is accepted. */
  idleConnectionMillis: 250,
  /** Runs in the engine, once the time to drain is over: they cannot be cut short. */
  lastRunsMillis: 5_000,
  /** Sending the last spans. */
  lastSpansMillis: 5_000,
  /** The process, before it is killed: only a run that never comes back holds it that long. */
  exitMillis: 5_000,
} as const;

/** Longest time in seconds from SIGTERM to the end of the process, for a configuration's drain. */
export function secondsToStop(
  delaySeconds: number = drainTimes.delaySeconds,
  timeoutSeconds: number = drainTimes.timeoutSeconds,
): number {
  const { idleConnectionMillis, lastRunsMillis, lastSpansMillis, exitMillis } = drainTimes;
  const millis = idleConnectionMillis + lastRunsMillis + lastSpansMillis + exitMillis;
  return delaySeconds + timeoutSeconds + millis / 1000;
}
