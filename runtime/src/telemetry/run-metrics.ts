import { metrics } from '@manara/contract';
import type { Execution } from '../engine/version';
import { BucketCounts, countedHistogram, secondsBounds } from './bucket-counts';
import { readMetric } from './read-metric';
import type { ServerMetrics } from './metrics';

const rowBounds: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** What the runs of one version came to since the server started. */
export class RunCounts {
  readonly rows = new BucketCounts(rowBounds);
  readonly queueSeconds = new BucketCounts(secondsBounds);
  readonly predictSeconds = new BucketCounts(secondsBounds);
  /** Microseconds inside the engine, on the I/O thread and on inference threads. */
  readonly busyMicros = { io: 0, inference: 0 };

  constructor(
    readonly model: string,
    readonly version: string,
  ) {}

  observe({ jobs, rows, begun, computeMicros, inline }: Execution): void {
    this.rows.observe(rows);
    this.busyMicros[inline ? 'io' : 'inference'] += computeMicros;
    for (const { since } of jobs) {
      const queueSeconds = (begun - since) / 1000;
      this.queueSeconds.observe(queueSeconds);
      this.predictSeconds.observe(queueSeconds + computeMicros / 1e6);
    }
  }
}

/** Batches, waits and the engine's time, by version; read at each scrape. */
export class RunMetrics {
  private readonly versions = new Map<string, RunCounts>();

  /** @param threads - inference threads. */
  constructor(registry: ServerMetrics, threads: number) {
    registry.add(countedHistogram(metrics.batchRows, () => this.labelled(({ rows }) => rows)));
    registry.add(
      countedHistogram(metrics.queueSeconds, () => this.labelled((one) => one.queueSeconds)),
    );
    registry.add(countedHistogram(metrics.predictSeconds, () => this.predicted()));
    registry.add(readMetric(metrics.engineBusy, () => this.busy()));
    registry.add(readMetric(metrics.inferenceThreads, () => [{ labels: {}, value: threads }]));
  }

  /** To be called at each run. Counts go on where a file of the same number was loaded before. */
  ran(model: string, version: number, execution: Execution): void {
    this.of(model, version).observe(execution);
  }

  /** What a version came to. */
  of(model: string, version: number): RunCounts {
    const key = `${model}/${version}`;
    let counts = this.versions.get(key);
    if (counts === undefined) {
      counts = new RunCounts(model, String(version));
      this.versions.set(key, counts);
    }
    return counts;
  }

  /** What every version came to that ran. */
  all(): readonly RunCounts[] {
    return [...this.versions.values()];
  }

  private labelled(choose: (counts: RunCounts) => BucketCounts) {
    return [...this.versions.values()].map((counts) => ({
      labels: labelsOf(counts),
      counts: choose(counts),
    }));
  }

  /** KServe knows models, not versions. */
  private predicted() {
    const models = new Map<string, BucketCounts>();
    for (const { model, predictSeconds } of this.versions.values()) {
      const sum = models.get(model) ?? new BucketCounts(secondsBounds);
      sum.add(predictSeconds);
      models.set(model, sum);
    }
    return [...models].map(([model, counts]) => ({ labels: { model_name: model }, counts }));
  }

  private busy() {
    return [...this.versions.values()].flatMap((counts) =>
      Object.entries(counts.busyMicros).map(([thread, micros]) => ({
        labels: { ...labelsOf(counts), thread },
        value: micros / 1e6,
      })),
    );
  }
}

function labelsOf({ model, version }: RunCounts): {
  readonly model: string;
  readonly version: string;
} {
  return { model, version };
}
