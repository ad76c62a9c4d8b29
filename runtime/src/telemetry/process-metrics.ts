import { metrics } from '@manara/contract';
import { BucketCounts, countedHistogram, secondsBounds } from './bucket-counts';
import { readMetric } from './read-metric';
import type { ServerMetrics } from './metrics';

/** Milliseconds between looks at the I/O thread. */
const everyMillis = 50;

/** How late the I/O thread is to do what is due: what it works on while sockets wait. */
export class EventLoopDelay {
  readonly seconds = new BucketCounts(secondsBounds);
  private due = performance.now() + everyMillis;
  private readonly timer = setInterval(() => {
    const now = performance.now();
    this.seconds.observe(Math.max(0, now - this.due) / 1000);
    this.due = now + everyMillis;
  }, everyMillis).unref();

  stop(): void {
    clearInterval(this.timer);
  }
}

/** Memory, CPU time and the I/O thread's delay of this process. */
export function addProcessMetrics(registry: ServerMetrics, delay: EventLoopDelay): void {
  registry.add(
    countedHistogram(metrics.eventLoopDelay, () => [{ labels: {}, counts: delay.seconds }]),
  );
  registry.add(
    readMetric(metrics.residentMemory, () => [{ labels: {}, value: process.memoryUsage.rss() }]),
  );
  registry.add(
    readMetric(metrics.cpuSeconds, () => {
      const { user, system } = process.cpuUsage();
      return [{ labels: {}, value: (user + system) / 1e6 }];
    }),
  );
}
