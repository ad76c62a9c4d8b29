import { Histogram } from 'prom-client';

/** Seconds; from the smallest tabular model to a slow one under load. */
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Times counted by the bucket that they fall into. */
export class SecondsCounts {
  sum = 0;
  private readonly counts = new Array<number>(bounds.length + 1).fill(0);

  /** One for each bound, and one for what is beyond the last. */
  get buckets(): readonly number[] {
    return this.counts;
  }

  observe(seconds: number): void {
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

type Exposition = Awaited<ReturnType<Histogram['get']>>;

/** A histogram whose times are counted elsewhere, and read at each scrape. */
export class SecondsHistogram extends Histogram {
  private readonly metric: string;

  /** @param read - asked at each scrape what was counted. */
  constructor(
    configuration: ConstructorParameters<typeof Histogram>[0],
    private readonly read: () => readonly LabelledSeconds[],
  ) {
    super({ ...configuration, buckets: bounds });
    this.metric = configuration.name;
  }

  override async get(): Promise<Exposition> {
    return { ...(await super.get()), values: this.read().flatMap((one) => this.values(one)) };
  }

  /** What prom-client makes the text of; its types do not declare it. */
  getForPromString(): Promise<Exposition> {
    return this.get();
  }

  private values({ labels, counts }: LabelledSeconds): Exposition['values'] {
    let count = 0;
    const buckets = counts.buckets.map((inBucket, i) => {
      count += inBucket;
      const le = bounds[i] ?? '+Inf';
      return { labels: { le, ...labels }, value: count, metricName: `${this.metric}_bucket` };
    });
    return [
      ...buckets,
      { labels, value: counts.sum, metricName: `${this.metric}_sum` },
      { labels, value: count, metricName: `${this.metric}_count` },
    ];
  }
}
