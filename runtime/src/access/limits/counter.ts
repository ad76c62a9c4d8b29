import type { Bucket } from './bucket';

/** Where buckets are kept. */
export interface Counter {
  /**
   * Takes tokens from a bucket.
   *
   * @returns milliseconds to wait; 0: they were taken.
   */
  take(key: string, bucket: Bucket, cost: number): number | Promise<number>;
  close(): void;
}
