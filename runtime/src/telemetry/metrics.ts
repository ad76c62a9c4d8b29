import { type Metric, metrics, type Verb } from '@manara/contract';
import { Counter, Gauge, type Metric as Registered, Registry } from 'prom-client';
import { ExplanationsMetrics } from './explanation-metrics';
import { secondsHistogram } from './seconds-histogram';
import { type Protocol, VersionMetrics } from './version-metrics';

const protocols: readonly Protocol[] = ['http', 'grpc', 'job'];

/**
 * The server's Prometheus metrics, as the contract names them. What versions count is read at each
 * scrape.
 */
export class ServerMetrics {
  private readonly registry = new Registry();
  private readonly versions = new Map<string, VersionMetrics>();
  private readonly explanations = new ExplanationsMetrics(this.registry);
  private readonly refused = new Counter({
    ...named(metrics.accessRefused),
    registers: [this.registry],
  });

  /** @param isReady - asked at each scrape. */
  constructor(isReady: () => boolean) {
    this.counter(metrics.requestSuccess, ({ success }) => success);
    this.counter(metrics.inferenceCount, ({ inferences }) => inferences);
    this.counter(metrics.executionCount, ({ executions }) => executions);
    this.counter(metrics.requestDuration, ({ requestMicros }) => requestMicros);
    this.counter(metrics.queueDuration, ({ queueMicros }) => queueMicros);
    this.counter(metrics.computeDuration, ({ computeMicros }) => computeMicros);
    this.failures();
    this.gauge(metrics.pending, ({ waiting }) => waiting());
    this.gauge(metrics.modelReady, ({ ready }) => Number(ready));
    this.seconds();
    new Gauge({
      ...named(metrics.ready),
      registers: [this.registry],
      collect() {
        this.set(Number(isReady()));
      },
    });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Has something else counted or measured stand in the exposition. */
  add(metric: Registered): void {
    this.registry.registerMetric(metric);
  }

  /** The exposition text. */
  scrape(): Promise<string> {
    return this.registry.metrics();
  }

  /**
   * Metrics of one version. They go on where a file of the same number was loaded before.
   *
   * @param waiting - requests that wait for a worker, asked at each scrape.
   * @param objectiveMillis - where a bucket of times ends, so that the share within it is exact
   */
  version(
    model: string,
    version: number,
    waiting: () => number,
    objectiveMillis?: number,
  ): VersionMetrics {
    const key = `${model}/${version}`;
    const before = this.versions.get(key);
    if (before !== undefined) {
      before.waiting = waiting;
      return before;
    }
    const added = new VersionMetrics(
      model,
      String(version),
      waiting,
      this.explanations.of(model, String(version)),
      objectiveMillis === undefined ? undefined : objectiveMillis / 1000,
    );
    this.versions.set(key, added);
    return added;
  }

  /** A counter that another part of the server counts up. */
  addCounter(metric: Metric): Counter {
    return new Counter({ ...named(metric), registers: [this.registry] });
  }

  /** A sum that another part of the server adds to; it may fall. */
  addSum(metric: Metric): Gauge {
    return new Gauge({ ...named(metric), registers: [this.registry] });
  }

  /** @param read - asked at each scrape for all values that there are. */
  addGauges(
    metric: Metric,
    read: () => readonly { readonly labels: Record<string, string>; readonly value: number }[],
  ): void {
    new Gauge({
      ...named(metric),
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { labels, value } of read()) this.set(labels, value);
      },
    });
  }

  /** @param read - asked at each scrape. */
  addGauge(metric: Metric, read: () => number): void {
    new Gauge({
      ...named(metric),
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  private counter(metric: Metric, valueOf: (version: VersionMetrics) => number): void {
    const { versions } = this;
    new Counter({
      ...named(metric),
      registers: [this.registry],
      collect() {
        this.reset();
        for (const version of versions.values()) this.inc(labelsOf(version), valueOf(version));
      },
    });
  }

  private gauge(metric: Metric, valueOf: (version: VersionMetrics) => number): void {
    const { versions } = this;
    new Gauge({
      ...named(metric),
      registers: [this.registry],
      collect() {
        for (const version of versions.values()) this.set(labelsOf(version), valueOf(version));
      },
    });
  }

  private failures(): void {
    const { versions } = this;
    new Counter({
      ...named(metrics.requestFailure),
      registers: [this.registry],
      collect() {
        this.reset();
        for (const version of versions.values()) {
          const labels = labelsOf(version);
          for (const [reason, count] of version.failures) this.inc({ ...labels, reason }, count);
        }
      },
    });
  }

  private seconds(): void {
    const read = () =>
      [...this.versions.values()].flatMap((version) =>
        protocols.map((protocol) => ({
          labels: { ...labelsOf(version), protocol },
          counts: version.seconds[protocol],
        })),
      );
    this.registry.registerMetric(secondsHistogram(metrics.requestSeconds, read));
  }

  /** A request that identity, rules or limits did not let through. */
  accessRefused(code: string, verb: Verb): void {
    this.refused.inc({ code, verb });
  }
}

function labelsOf({ model, version }: VersionMetrics): { model: string; version: string } {
  return { model, version };
}

function named({ name, help, labels }: Metric): {
  name: string;
  help: string;
  labelNames: string[];
} {
  return { name, help, labelNames: [...labels] };
}
