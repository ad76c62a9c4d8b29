import { metrics } from '@manara/contract';

/**
 * Requests that a pod has in its hands on average over a minute, as a metric of its own: by Little's law
 * the time of all requests in a second. The metrics API has it from an adapter's rule, or from a recording
 * rule of Prometheus that an adapter shows.
 */
export const inFlightMetric = 'manara_requests_in_flight';

/**
 * Use of a GPU in percent. Source: NVIDIA dcgm-exporter, etc/default-counters.csv; read 2026-11.
 */
export const gpuMetric = 'DCGM_FI_DEV_GPU_UTIL';

/** PromQL of that metric, summed over an endpoint's pods. */
export function inFlightQuery(selector: string): string {
  return `sum(rate(${metrics.requestDuration.name}{${selector}}[1m])) / 1e6`;
}

/** PromQL of an endpoint's requests a second, answered and refused, as its pods count them. */
export function requestRateQuery(selector: string): string {
  const { requestSuccess, requestFailure } = metrics;
  const refused = `sum(rate(${requestFailure.name}{${selector}}[1m]))`;
  return `sum(rate(${requestSuccess.name}{${selector}}[1m])) + (${refused} or vector(0))`;
}

/** PromQL of the use of all GPUs of an endpoint's pods, in percent of one. */
export function gpuQuery(namespace: string, name: string): string {
  return `sum(avg_over_time(${gpuMetric}{namespace="${namespace}",pod=~"${name}-.+"}[1m]))`;
}
