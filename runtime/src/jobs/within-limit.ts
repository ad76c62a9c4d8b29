import { setTimeout } from 'node:timers/promises';
import { errors, ServingError } from '../errors';

/**
 * Does a part of a long job as soon as its caller's limit has room for it. The job keeps its place
 * meanwhile: to begin it anew would mean to read its input again up to where it was.
 *
 * @throws ServingError what `act` threw, or REQUEST_CANCELED
 */
export async function withinLimit<T>(
  { left }: { readonly left: AbortSignal },
  act: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ServingError) || error.code !== 'RATE_LIMITED') throw error;
      const millis = (error.retryAfterSeconds ?? 1) * 1000;
      await setTimeout(millis, undefined, { signal: left }).catch(() => {
        throw errors.requestCanceled();
      });
    }
  }
}
