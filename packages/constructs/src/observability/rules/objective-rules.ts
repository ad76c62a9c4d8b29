import { metrics } from '@manara/contract';
import type { LoweredWorkload } from '../../engines/lowering';
import { endpointMatchers, type Matchers, series } from '../selector';
import type { Alert, Recording } from './alert';
import { burnRates, burnThreshold, burnWindows, leastBadRequests } from './burn-rates';

/** A promise: which share of requests may be bad, and how they are counted. */
interface Promised {
  readonly name: 'availability' | 'latency';
  readonly alert: string;
  readonly budget: number;
  /** Requests per second over a window that were bad. */
  readonly bad: (window: string) => string;
  /** All that count, given the series of the bad ones. */
  readonly all: (window: string, bad: string) => string;
  readonly summary: string;
}

/** What the server could not answer though it should have: 503, and other faults of its own. */
const ownFaults = '=~REJECTED|BACKEND';

/** Requests that a job makes of itself wait as long as they like. */
const notOfJobs = { protocol: '!=job' };

/** The end of the bucket of times that the objective is. */
function edgeOf({ endpoint }: LoweredWorkload): Matchers {
  // As the server's configuration has it, in whole milliseconds.
  const seconds = Math.ceil(endpoint.objective.p99Latency.toMilliseconds()) / 1000;
  // Prometheus 3 stores 1 as 1.0.
  return { le: Number.isInteger(seconds) ? `=~${seconds}([.]0)?` : String(seconds) };
}

function promisesOf(workload: LoweredWorkload): readonly Promised[] {
  const of = endpointMatchers(workload);
  const { availabilityPercent, p99Latency } = workload.endpoint.objective;
  const sum = (metric: string, matchers: Matchers, window: string): string =>
    `sum by (namespace, site, job) (rate(${series(metric, of, matchers)}[${window}]))`;
  const answered = (window: string): string => sum(metrics.requestSuccess.name, {}, window);
  // A reason that never came up has no series.
  const failed = (window: string): string =>
    `${sum(metrics.requestFailure.name, { reason: ownFaults }, window)} or 0 * ${answered(window)}`;
  const bucket = `${metrics.requestSeconds.name}_bucket`;
  const within = (window: string): string =>
    `rate(${series(bucket, of, notOfJobs, edgeOf(workload))}[${window}])`;
  // Servers of before the objective was changed have no bucket that ends at it, and do not count.
  const timed = (window: string): string =>
    `sum by (namespace, site, job) (rate(${series(bucket, of, notOfJobs, { le: '+Inf' })}[${window}]) and ignoring (le) ${within(window)})`;
  return [
    {
      name: 'availability',
      alert: 'ManaraAvailability',
      budget: Number((1 - availabilityPercent / 100).toPrecision(6)),
      bad: failed,
      all: (window, bad) => `${answered(window)} + ${bad}`,
      summary: `${workload.endpoint.name} fails {{ $value | humanizePercentage }} of requests; ${availabilityPercent} % are to be answered`,
    },
    {
      name: 'latency',
      alert: 'ManaraLatency',
      budget: 0.01,
      bad: (window) => `${timed(window)} - sum by (namespace, site, job) (${within(window)})`,
      all: timed,
      summary: `{{ $value | humanizePercentage }} of ${workload.endpoint.name}'s answers take longer than ${p99Latency.toMilliseconds()} ms; 1 % may`,
    },
  ];
}

/** Series of the share of requests that a promise counts as bad, over a window. */
export function ratioName(promise: 'availability' | 'latency', window: string): string {
  return `manara:${promise}_bad:ratio_rate${window}`;
}

function rateName(promise: string, counted: 'bad' | 'all', window: string): string {
  return `manara:${promise}_${counted}:rate${window}`;
}

/** Bad requests, all requests, and their share, over each window; each group is computed in this order. */
export function objectiveRecordings(workload: LoweredWorkload): readonly Recording[] {
  const of = endpointMatchers(workload);
  return promisesOf(workload).flatMap(({ name, bad, all }) =>
    burnWindows.flatMap((window) => {
      const [badRate, allRate] = [rateName(name, 'bad', window), rateName(name, 'all', window)];
      return [
        { record: badRate, expr: bad(window) },
        { record: allRate, expr: all(window, series(badRate, of)) },
        {
          record: ratioName(name, window),
          expr: `${series(badRate, of)} / ${series(allRate, of)}`,
        },
      ];
    }),
  );
}

/** Alerts on how fast the budget of each promise is spent. */
export function objectiveAlerts(workload: LoweredWorkload): readonly Alert[] {
  const of = endpointMatchers(workload);
  return promisesOf(workload).flatMap((promise) =>
    burnRates.flatMap((rate): readonly Alert[] => {
      const threshold = burnThreshold(rate, promise.budget);
      if (threshold === undefined) return [];
      const above = (window: string): string =>
        `${series(ratioName(promise.name, window), of)} > ${threshold}`;
      const bad = series(rateName(promise.name, 'bad', rate.long), of);
      const enough = `${bad} * ${secondsOf(rate.long)} >= ${leastBadRequests}`;
      return [
        {
          name: `${promise.alert}${rate.name}`,
          about: promise.name,
          severity: rate.severity,
          expr: `${above(rate.long)} and ${above(rate.short)} and ${enough}`,
          for: rate.for,
          summary: `${promise.summary} (over ${rate.long}, ${rate.factor} times what the budget of 30 days allows)`,
        },
      ];
    }),
  );
}

const unitSeconds: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };

function secondsOf(window: string): number {
  return Number(window.slice(0, -1)) * (unitSeconds[window.slice(-1)] ?? 0);
}
