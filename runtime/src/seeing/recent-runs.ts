import type { BucketCounts } from '../telemetry/bucket-counts';
import type { RunCounts, RunMetrics } from '../telemetry/run-metrics';

/** Milliseconds between snapshots, and how many are kept: what is recent is the last minute. */
const everyMillis = 10_000;
const kept = 6;

/** What a version did of late. */
export interface RecentTraffic {
  /** Seconds that it covers. */
  readonly seconds: number;
  readonly requests: number;
  readonly runs: number;
  readonly rows: number;
  /** Of the wait and the run together; `null` where there was no request. */
  readonly p50Millis: number | null;
  readonly p99Millis: number | null;
  readonly queueP99Millis: number | null;
}

interface Snapshot {
  readonly at: number;
  readonly counts: ReadonlyMap<string, Counted>;
}

interface Counted {
  readonly rows: BucketCounts;
  readonly queueSeconds: BucketCounts;
  readonly predictSeconds: BucketCounts;
}

/** The last minute of each version, as the difference between counts. */
export class RecentRuns {
  private snapshots: readonly Snapshot[];
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly runs: RunMetrics) {
    this.snapshots = [this.snapshot()];
    this.timer = setInterval(() => {
      this.snapshots = [...this.snapshots, this.snapshot()].slice(-kept);
    }, everyMillis).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  of(model: string, version: number): RecentTraffic {
    const counts = this.runs.of(model, version);
    const [oldest] = this.snapshots;
    const before = oldest?.counts.get(keyOf(counts));
    const since = (choose: (of: Counted) => BucketCounts): BucketCounts =>
      before === undefined ? choose(counts) : choose(counts).since(choose(before));
    const rows = since((of) => of.rows);
    const queue = since((of) => of.queueSeconds);
    const predict = since((of) => of.predictSeconds);
    return {
      seconds: (performance.now() - (oldest?.at ?? 0)) / 1000,
      requests: predict.count,
      runs: rows.count,
      rows: rows.sum,
      p50Millis: millis(predict.quantile(0.5)),
      p99Millis: millis(predict.quantile(0.99)),
      queueP99Millis: millis(queue.quantile(0.99)),
    };
  }

  private snapshot(): Snapshot {
    const counts = this.runs.all().map(
      (one) =>
        [
          keyOf(one),
          {
            rows: one.rows.copy(),
            queueSeconds: one.queueSeconds.copy(),
            predictSeconds: one.predictSeconds.copy(),
          },
        ] as const,
    );
    return { at: performance.now(), counts: new Map(counts) };
  }
}

function keyOf({ model, version }: RunCounts): string {
  return `${model}/${version}`;
}

function millis(seconds: number | undefined): number | null {
  return seconds === undefined ? null : seconds * 1000;
}
