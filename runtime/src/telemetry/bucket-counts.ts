import type { Metric } from '@manara/contract';
import type { Metric as Registered } from 'prom-client';

/** Seconds; from the smallest tabular model to a slow one under load. */
export const secondsBounds: readonly number[] = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** Values counted by the bucket that they fall into: plain numbers, as counting is on the way of runs. */
export class BucketCounts {
  sum = 0;
  private readonly counts: number[];

  /** @param bounds - the greatest value of each bucket but the last, ascending. */
  constructor(readonly bounds: readonly number[]) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  /** One for each bound, and one for what is beyond the last. */
  get buckets(): readonly number[] {
    return this.counts;
  }

  get count(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  observe(value: number): void {
    const { bounds, counts } = this;
    let i = 0;
    while (i < bounds.length && value > (bounds[i] ?? Infinity)) i++;
    counts[i] = (counts[i] ?? 0) + 1;
    this.sum += value;
  }

  copy(): BucketCounts {
    return this.since(new BucketCounts(this.bounds));
  }

  /** What was counted since a copy was made. */
  since(before: BucketCounts): BucketCounts {
    const rest = new BucketCounts(this.bounds);
    for (const [i, count] of this.counts.entries())
      rest.counts[i] = count - (before.counts[i] ?? 0);
    rest.sum = this.sum - before.sum;
    return rest;
  }

  add(other: BucketCounts): void {
    for (const [i, count] of other.counts.entries()) this.counts[i] = (this.counts[i] ?? 0) + count;
    this.sum += other.sum;
  }

  /**
   * The value that a share of the values do not exceed, as far as buckets tell; `undefined` of none. What
   * is beyond the last bound counts as that.
   */
  quantile(share: number): number | undefined {
    const wanted = share * this.count;
    if (wanted === 0) return undefined;
    let below = 0;
    for (const [i, count] of this.counts.entries()) {
      if (count > 0 && below + count >= wanted) {
        const least = this.bounds[i - 1] ?? 0;
        const greatest = this.bounds[i] ?? least;
        return least + ((wanted - below) / count) * (greatest - least);
      }
      below += count;
    }
    return this.bounds.at(-1);
  }
}

export interface LabelledCounts {
  readonly labels: Readonly<Record<string, string>>;
  readonly counts: BucketCounts;
}

/**
 * A histogram whose values are counted elsewhere.
 *
 * @param read - asked at each scrape what was counted.
 */
export function countedHistogram(
  { name, help }: Metric,
  read: () => readonly LabelledCounts[],
): Registered {
  const histogram = {
    name,
    get: () =>
      Promise.resolve({
        name,
        help,
        type: 'histogram',
        aggregator: 'sum',
        values: read().flatMap((one) => valuesOf(name, one)),
      }),
  };
  // A registry asks its metrics for nothing else; prom-client has no interface for that.
  return histogram as unknown as Registered;
}

interface Value {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

function valuesOf(name: string, { labels, counts }: LabelledCounts): readonly Value[] {
  let count = 0;
  const buckets = counts.buckets.map((inBucket, i): Value => {
    count += inBucket;
    const le = counts.bounds[i] ?? '+Inf';
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: counts.sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
