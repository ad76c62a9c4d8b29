import { type FailureReason, metrics } from '@manara/contract';
import { Counter, Gauge, Histogram, type Metric, Registry } from 'prom-client';

/** Seconds; from the smallest tabular model to a slow one under load. */
const secondsBuckets = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

export type Protocol = 'http' | 'grpc';

/** The server's Prometheus metrics, as the contract names them. */
export class ServerMetrics {
  private readonly registry = new Registry();
  private readonly counters = {
    success: this.counter(metrics.requestSuccess),
    failure: this.counter(metrics.requestFailure),
    inferences: this.counter(metrics.inferenceCount),
    executions: this.counter(metrics.executionCount),
    requestMicros: this.counter(metrics.requestDuration),
    queueMicros: this.counter(metrics.queueDuration),
    computeMicros: this.counter(metrics.computeDuration),
  };
  private readonly seconds = new Histogram({
    ...named(metrics.requestSeconds),
    buckets: secondsBuckets,
    registers: [this.registry],
  });
  private readonly modelReady = new Gauge({
    ...named(metrics.modelReady),
    registers: [this.registry],
  });
  private readonly pending: Gauge;
  private readonly ready: Gauge;
  private readonly pendingOf = new Map<string, () => void>();

  /** @param isReady - asked at each scrape. */
  constructor(isReady: () => boolean) {
    const { pendingOf } = this;
    this.pending = new Gauge({
      ...named(metrics.pending),
      registers: [this.registry],
      collect() {
        for (const update of pendingOf.values()) update();
      },
    });
    this.ready = new Gauge({
      ...named(metrics.ready),
      registers: [this.registry],
      collect() {
        this.set(isReady() ? 1 : 0);
      },
    });
    this.ready.set(0);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Has something else counted or measured stand in the exposition. */
  add(metric: Metric): void {
    this.registry.registerMetric(metric);
  }

  /** The exposition text. */
  scrape(): Promise<string> {
    return this.registry.metrics();
  }

  /**
   * Metrics of one version, its labels bound once.
   *
   * @param waiting - requests that wait for a worker, asked at each scrape.
   */
  version(model: string, version: number, waiting: () => number): VersionMetrics {
    const labels = { model, version: String(version) };
    const { success, failure, inferences, executions, requestMicros, queueMicros, computeMicros } =
      this.counters;
    const pending = this.pending.labels(labels);
    this.pendingOf.set(`${model}/${version}`, () => {
      pending.set(waiting());
    });
    const ready = this.modelReady.labels(labels);
    return {
      success: success.labels(labels),
      failure: (reason) => {
        failure.labels({ ...labels, reason }).inc();
      },
      inferences: inferences.labels(labels),
      executions: executions.labels(labels),
      requestMicros: requestMicros.labels(labels),
      queueMicros: queueMicros.labels(labels),
      computeMicros: computeMicros.labels(labels),
      seconds: {
        http: this.seconds.labels({ ...labels, protocol: 'http' }),
        grpc: this.seconds.labels({ ...labels, protocol: 'grpc' }),
      },
      ready: (value) => {
        ready.set(value ? 1 : 0);
      },
    };
  }

  private counter(metric: { name: string; help: string; labels: readonly string[] }): Counter {
    return new Counter({ ...named(metric), registers: [this.registry] });
  }
}

/** Bound metrics of one version. */
export interface VersionMetrics {
  readonly success: Counter.Internal;
  readonly failure: (reason: FailureReason) => void;
  readonly inferences: Counter.Internal;
  readonly executions: Counter.Internal;
  readonly requestMicros: Counter.Internal;
  readonly queueMicros: Counter.Internal;
  readonly computeMicros: Counter.Internal;
  readonly seconds: Readonly<Record<Protocol, Histogram.Internal<string>>>;
  readonly ready: (value: boolean) => void;
}

function named({ name, help, labels }: { name: string; help: string; labels: readonly string[] }): {
  name: string;
  help: string;
  labelNames: string[];
} {
  return { name, help, labelNames: [...labels] };
}
