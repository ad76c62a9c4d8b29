import type { Metric } from '@manara/contract';
import { Counter, Gauge, type Metric as Registered } from 'prom-client';

export interface LabelledValue {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * A counter or a gauge whose values are kept elsewhere.
 *
 * @param read - asked at each scrape.
 */
export function readMetric(metric: Metric, read: () => readonly LabelledValue[]): Registered {
  const { name, help } = metric;
  // Counted elsewhere: the registry that it is added to is the caller's choice.
  const options = { name, help, labelNames: [...metric.labels], registers: [] };
  return metric.kind === 'counter'
    ? new Counter({
        ...options,
        collect() {
          this.reset();
          for (const { labels, value } of read()) this.inc(labels, value);
        },
      })
    : new Gauge({
        ...options,
        collect() {
          for (const { labels, value } of read()) this.set(labels, value);
        },
      });
}
