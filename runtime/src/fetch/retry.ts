import { setTimeout as wait } from 'node:timers/promises';
import { FetchError } from './fetch-error';

/** How often, and with what pauses, a passing fault is tried again. */
export interface RetryPolicy {
  /** Tries in all, whatever the faults. */
  readonly attempts: number;
  /** Pause after the first fault; doubled after each further one. */
  readonly firstDelayMillis: number;
  readonly maxDelayMillis: number;
}

/**
 * Runs `task` until it succeeds, a fault does not pass by itself, or the tries are used up.
 *
 * @throws the last fault, or the signal's reason.
 */
export async function withRetries<T>(
  task: () => Promise<T>,
  policy: RetryPolicy,
  signal: AbortSignal,
  onRetry: (attempt: number, error: FetchError) => void,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await task();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof FetchError) || !error.passing || attempt >= policy.attempts) {
        throw error;
      }
      onRetry(attempt, error);
      await wait(pause(policy, attempt), undefined, { signal });
    }
  }
}

/** Half of the pause is chance, so that the pods of one rollout do not come back together. */
function pause(policy: RetryPolicy, attempt: number): number {
  const full = Math.min(policy.maxDelayMillis, policy.firstDelayMillis * 2 ** (attempt - 1));
  return full * (0.5 + Math.random() / 2);
}
