import type { Caller, Permit } from '../../call';
import { errors } from '../../errors';
import type { Bucket } from './bucket';
import type { Counter } from './counter';

/** Holds callers to the limits of what permits their requests. */
export class Limiter {
  constructor(private readonly counter: Counter) {}

  /** Counts a request. Synchronous while counting is. @throws ServingError RATE_LIMITED, or rejects with it. */
  request(caller: Caller, { name, limit }: Permit): void | Promise<void> {
    if (limit === undefined) return;
    const { requestsPerSecond: rate, burst = Math.max(1, Math.floor(rate)) } = limit;
    const bucket = { interval: 1000 / rate, size: burst };
    return this.take(`${name}:${caller.id}`, bucket, 1, caller, `${rate} requests a second`);
  }

  /** Counts the rows of a request's batch. */
  rows(caller: Caller, { name, limit }: Permit, rows: number): void | Promise<void> {
    const rate = limit?.rowsPerSecond;
    if (rate === undefined) return;
    const bucket = { interval: 1000 / rate, size: Math.max(1, rate) };
    return this.take(`${name}r:${caller.id}`, bucket, rows, caller, `${rate} rows a second`);
  }

  close(): void {
    this.counter.close();
  }

  private take(
    key: string,
    bucket: Bucket,
    cost: number,
    caller: Caller,
    limit: string,
  ): void | Promise<void> {
    const check = (wait: number): void => {
      if (wait <= 0) return;
      const seconds = Math.max(1, Math.ceil(wait / 1000));
      throw errors.rateLimited(caller.id, limit, seconds);
    };
    const wait = this.counter.take(key, bucket, cost);
    if (typeof wait !== 'number') return wait.then(check);
    check(wait);
  }
}
