import { type Bucket, take } from './bucket';
import type { Counter } from './counter';

/** Buckets of this process. A full one is as good as none, so only those in use take memory. */
export class LocalCounter implements Counter {
  /** By key, when the bucket is full again. */
  private readonly fullAt = new Map<string, number>();

  /**
   * @param now - milliseconds of a clock that only goes forward.
   * @param limit - buckets in use at most; beyond, the one that was first used goes.
   */
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly limit = 100_000,
  ) {}

  take(key: string, bucket: Bucket, cost: number): number {
    const now = this.now();
    const { ahead, wait } = take(bucket, (this.fullAt.get(key) ?? now) - now, cost);
    if (wait > 0) return wait;
    if (this.fullAt.size >= this.limit && !this.fullAt.has(key)) this.makeRoom(now);
    this.fullAt.set(key, now + ahead);
    return 0;
  }

  close(): void {
    this.fullAt.clear();
  }

  private makeRoom(now: number): void {
    for (const [key, at] of this.fullAt) if (at <= now) this.fullAt.delete(key);
    const [oldest] = this.fullAt.keys();
    if (this.fullAt.size >= this.limit && oldest !== undefined) this.fullAt.delete(oldest);
  }
}
