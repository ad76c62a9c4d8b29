import { type Metric, requestSecondsBounds as bounds } from '@manara/contract';
import type { Histogram } from 'prom-client';

/** Times counted by the bucket that they fall into. */
export class SecondsCounts {
  sum = 0;
  /** The greatest time of each bucket but the last, ascending. */
  readonly bounds: readonly number[];
  private readonly counts: number[];

  /**
   * @param edge - a bound of its own: the share of times within an objective is exact only where a bucket
   * ends there. @default - none
   */
  constructor(edge?: number) {
    this.bounds =
      edge === undefined ? bounds : [...new Set([...bounds, edge])].sort((a, b) => a - b);
    this.counts = new Array<number>(this.bounds.length + 1).fill(0);
  }

  /** One for each bound, and one for what is beyond the last. */
  get buckets(): readonly number[] {
    return this.counts;
  }

  observe(seconds: number): void {
    const { bounds } = this;
    let i = 0;
    while (i < bounds.length && seconds > (bounds[i] ?? Infinity)) i++;
    this.counts[i] = (this.counts[i] ?? 0) + 1;
    this.sum += seconds;
  }
}

export interface LabelledSeconds {
  readonly labels: Readonly<Record<string, string>>;
  readonly counts: SecondsCounts;
}

/**
 * A histogram whose times are counted elsewhere.
 *
 * @param read - asked at each scrape what was counted.
 */
export function secondsHistogram(
  { name, help }: Metric,
  read: () => readonly LabelledSeconds[],
): Histogram {
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
  return histogram as unknown as Histogram;
}

interface Value {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

function valuesOf(name: string, { labels, counts }: LabelledSeconds): readonly Value[] {
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
