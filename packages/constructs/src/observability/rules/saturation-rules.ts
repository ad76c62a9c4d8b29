import { metrics } from '@manara/contract';
import type { LoweredWorkload } from '../../engines/lowering';
import { endpointMatchers, series } from '../selector';
import type { Alert, Recording } from './alert';

export const busyRatio = 'manara:inference_threads_busy:ratio_rate5m';
export const refusedRatio = 'manara:requests_refused:ratio_rate5m';
export const queueP99 = 'manara:queue_seconds:p99_5m';

/** Readings of how much of a server's room is taken. */
export function saturationRecordings(workload: LoweredWorkload): readonly Recording[] {
  const of = endpointMatchers(workload);
  const by = 'sum by (namespace, site, job)';
  const rate = (metric: string, matchers: Readonly<Record<string, string>> = {}): string =>
    `${by} (rate(${series(metric, of, matchers)}[5m]))`;
  const answered = rate(metrics.requestSuccess.name);
  const refused = `(${rate(metrics.requestFailure.name, { reason: 'REJECTED' })} or 0 * ${answered})`;
  return [
    {
      record: busyRatio,
      expr: `${rate(metrics.engineBusy.name, { thread: 'inference' })} / ${by} (${series(metrics.inferenceThreads.name, of)})`,
    },
    { record: refusedRatio, expr: `${refused} / (${answered} + ${refused})` },
    {
      record: queueP99,
      expr: `histogram_quantile(0.99, sum by (namespace, site, job, le) (rate(${series(`${metrics.queueSeconds.name}_bucket`, of)}[5m])))`,
    },
  ];
}

/** Share of inference threads that work, above which the wait for a free one grows without bound. */
const busyShare = 0.9;
/** Share of requests that may be refused for want of room before somebody looks. */
const refusedShare = 0.01;

/** Alerts on a server that runs out of room, before its callers notice. */
export function saturationAlerts(workload: LoweredWorkload): readonly Alert[] {
  const of = endpointMatchers(workload);
  const { name, objective } = workload.endpoint;
  const half = Number((objective.p99Latency.toMilliseconds() / 2000).toPrecision(6));
  return [
    {
      name: 'ManaraThreadsBusy',
      about: 'saturation',
      severity: 'warning',
      expr: `${series(busyRatio, of)} > ${busyShare}`,
      for: '15m',
      summary: `Inference threads of ${name} are busy {{ $value | humanizePercentage }} of the time`,
    },
    {
      name: 'ManaraQueueSlow',
      about: 'saturation',
      severity: 'warning',
      expr: `${series(queueP99, of)} > ${half}`,
      for: '10m',
      summary: `One request in a hundred of ${name} waits {{ $value | humanizeDuration }} for its run, more than half of its objective`,
    },
    {
      name: 'ManaraRequestsRefused',
      about: 'saturation',
      severity: 'critical',
      expr: `${series(refusedRatio, of)} > ${refusedShare}`,
      for: '5m',
      summary: `${name} refuses {{ $value | humanizePercentage }} of requests for want of room`,
    },
    {
      name: 'ManaraServerLate',
      about: 'saturation',
      severity: 'warning',
      expr: `histogram_quantile(0.99, sum by (namespace, site, job, le) (rate(${series(`${metrics.eventLoopDelay.name}_bucket`, of)}[5m]))) > ${half}`,
      for: '15m',
      summary: `The I/O thread of ${name} is {{ $value | humanizeDuration }} late, more than half of its objective`,
    },
  ];
}
