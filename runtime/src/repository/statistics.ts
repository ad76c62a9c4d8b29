/** A count of events and the nanoseconds that they took together. */
export interface StatisticDuration {
  readonly count: number;
  readonly ns: number;
}

/** Runs of one batch size. */
export interface BatchStatistic {
  /** Rows. */
  readonly batchSize: number;
  readonly computeInfer: StatisticDuration;
}

/** Sizes that are counted one by one; greater ones count for the power of two below. */
const greatestExactSize = 256;

/** What `GET …/stats` and gRPC's ModelStatistics say of one version. Source: Triton's statistics extension. */
export class VersionStatistics {
  /** Milliseconds since the epoch; 0 before the first. */
  lastInference = 0;
  inferenceCount = 0;
  executionCount = 0;
  private successes = 0;
  private successMicros = 0;
  private failures = 0;
  private failureMicros = 0;
  private queueMicros = 0;
  private computeMicros = 0;
  private readonly batches = new Map<number, { count: number; micros: number }>();

  recordSuccess(
    batch: number,
    totalMicros: number,
    queueMicros: number,
    computeMicros: number,
  ): void {
    this.lastInference = Date.now();
    this.inferenceCount += batch;
    this.successes += 1;
    this.successMicros += totalMicros;
    this.queueMicros += queueMicros;
    this.computeMicros += computeMicros;
  }

  /** Counts a run of the engine, of one request or of several together. */
  recordExecution(rows: number, computeMicros: number): void {
    this.executionCount += 1;
    const size = rows <= greatestExactSize ? rows : 2 ** Math.floor(Math.log2(rows));
    const batch = this.batches.get(size);
    if (batch === undefined) {
      this.batches.set(size, { count: 1, micros: computeMicros });
    } else {
      batch.count += 1;
      batch.micros += computeMicros;
    }
  }

  /** By batch size, ascending. */
  get batchStatistics(): readonly BatchStatistic[] {
    return [...this.batches]
      .sort(([a], [b]) => a - b)
      .map(([batchSize, { count, micros }]) => ({
        batchSize,
        computeInfer: duration(count, micros),
      }));
  }

  recordFailure(totalMicros: number): void {
    this.failures += 1;
    this.failureMicros += totalMicros;
  }

  get success(): StatisticDuration {
    return duration(this.successes, this.successMicros);
  }

  get fail(): StatisticDuration {
    return duration(this.failures, this.failureMicros);
  }

  get queue(): StatisticDuration {
    return duration(this.successes, this.queueMicros);
  }

  get computeInfer(): StatisticDuration {
    return duration(this.successes, this.computeMicros);
  }
}

function duration(count: number, micros: number): StatisticDuration {
  return { count, ns: Math.round(micros * 1000) };
}
