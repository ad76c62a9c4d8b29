/**
 * A token bucket as one number: the time at which it is full again. A request passes while the bucket
 * holds at least one token, and then takes what it costs, which may leave a debt that later ones wait for.
 * (The generic cell rate algorithm: ITU-T I.371, annex A.)
 */
export interface Bucket {
  /** Milliseconds in which one token comes. */
  readonly interval: number;
  /** Tokens that it holds when full. */
  readonly size: number;
}

export interface Taken {
  /** Milliseconds until the bucket is full again. */
  readonly ahead: number;
  /** Milliseconds until there is a token; 0: there was one, and it was taken. */
  readonly wait: number;
}

/** @param ahead - milliseconds until the bucket is full, before this request. */
export function take({ interval, size }: Bucket, ahead: number, cost: number): Taken {
  const wait = Math.max(0, ahead) + interval - size * interval;
  // Half a microsecond: sums of fractions of a millisecond are not exact.
  if (wait > 0.0005) return { ahead, wait };
  return { ahead: Math.max(0, ahead) + cost * interval, wait: 0 };
}
