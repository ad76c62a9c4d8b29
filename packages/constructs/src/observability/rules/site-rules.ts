import type { Site } from '../../site';
import { type Matchers, series, siteMatchers } from '../selector';
import type { Alert } from './alert';

/**
 * Metrics of Istio's proxies. Where only declared hosts may be reached (REGISTRY_ONLY), what was stopped is
 * counted under BlackHoleCluster; what went past all declarations, under PassthroughCluster.
 * Source: istio.io, "Istio Standard Metrics" and "Monitoring Blocked and Passthrough External Service
 * Traffic"; read 2026-11.
 */
export const istioMetrics = {
  requests: 'istio_requests_total',
  connections: 'istio_tcp_connections_opened_total',
} as const;

/** The collector's own metrics. Source: seen on a collector of the release that is pinned; 2026-11. */
export const collectorMetrics = {
  accepted: 'otelcol_receiver_accepted_spans',
  refused: 'otelcol_receiver_refused_spans',
  sent: 'otelcol_exporter_sent_spans',
  failed: 'otelcol_exporter_send_failed_spans',
  enqueueFailed: 'otelcol_exporter_enqueue_failed_spans',
  queueSize: 'otelcol_exporter_queue_size',
  queueCapacity: 'otelcol_exporter_queue_capacity',
} as const;

/** Alerts on connections that no declared flow explains, as far as a mesh counts them. */
export function residencyAlerts(site: Site): readonly Alert[] {
  const of = {
    reporter: 'source',
    source_workload_namespace: site.namespaceName,
  };
  const seen = (cluster: string): string =>
    Object.values(istioMetrics)
      .map((metric) => {
        const matchers = { ...of, destination_service_name: cluster };
        const counted = series(metric, matchers);
        // To Prometheus a counter that begins at 1 has not increased, and one connection is enough.
        const since = `(${counted} unless ${counted} offset 10m) or increase(${counted}[10m])`;
        return `sum by (source_workload, destination_service_name) (${since}) > 0`;
      })
      .join(' or ');
  const where = `namespace ${site.namespaceName} of site ${site.node.id}`;
  return [
    {
      name: 'ManaraEgressBlocked',
      about: 'residency',
      severity: 'critical',
      expr: seen('BlackHoleCluster'),
      for: '1m',
      summary: `{{ $labels.source_workload }} in ${where} tried to reach what no flow declares, and was stopped`,
    },
    {
      name: 'ManaraEgressUndeclared',
      about: 'residency',
      severity: 'critical',
      expr: seen('PassthroughCluster'),
      for: '1m',
      summary: `{{ $labels.source_workload }} in ${where} reached something that no flow declares`,
    },
  ];
}

/** Share of a queue that is taken before somebody looks for the sink. */
const queueShare = 0.8;

/** Alerts on a collector that takes nothing in, or cannot get rid of what it has. */
export function collectorAlerts(site: Site, name: string): readonly Alert[] {
  const of: Matchers = { ...siteMatchers(site), job: name };
  const rate = (metric: string): string =>
    `sum by (namespace, site, job) (rate(${series(metric, of)}[5m])) > 0`;
  return [
    {
      name: 'ManaraCollectorDown',
      about: 'telemetry',
      severity: 'warning',
      expr: `absent(${series('up', of)} == 1)`,
      for: '5m',
      summary: `No pod of collector ${name} is seen: spans of site ${site.node.id} are lost`,
    },
    {
      name: 'ManaraCollectorRefuses',
      about: 'telemetry',
      severity: 'warning',
      expr: rate(collectorMetrics.refused),
      for: '10m',
      summary: `Collector ${name} refuses {{ $value }} spans a second: it is short of memory, or its queue is full`,
    },
    {
      name: 'ManaraCollectorLoses',
      about: 'telemetry',
      severity: 'warning',
      expr: `${rate(collectorMetrics.failed)} or ${rate(collectorMetrics.enqueueFailed)}`,
      for: '10m',
      summary: `Collector ${name} loses {{ $value }} spans a second: the sink refuses them, or its queue is full`,
    },
    {
      name: 'ManaraCollectorQueueFull',
      about: 'telemetry',
      severity: 'warning',
      expr: `max by (namespace, site, job, exporter) (${series(collectorMetrics.queueSize, of)} / ${series(collectorMetrics.queueCapacity, of)}) > ${queueShare}`,
      for: '10m',
      summary: `The queue of collector ${name} for {{ $labels.exporter }} is {{ $value | humanizePercentage }} full: the sink does not take what it is sent`,
    },
  ];
}
