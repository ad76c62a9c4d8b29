import { metrics } from '@manara/contract';
import type { Site } from '../../site';
import { ratioName } from '../rules/objective-rules';
import { busyRatio } from '../rules/saturation-rules';
import { collectorMetrics } from '../rules/site-rules';
import { series, siteMatchers } from '../selector';
import type { DashboardSpec } from './dashboard';
import type { Panel } from './panel';

const interval = '$__rate_interval';

/** Every endpoint of a site side by side. */
export function siteDashboard(site: Site, collector: string | undefined): DashboardSpec {
  const of = siteMatchers(site);
  const rate = (by: string, metric: string): string =>
    `sum by (${by}) (rate(${series(metric, of)}[${interval}]))`;
  const legend = '{{job}}';
  return {
    path: `${site.node.path}/`,
    title: `Site ${site.node.id}`,
    tags: ['manara', site.node.id],
    panels: [
      {
        title: 'Requests',
        tells: 'Answered, by endpoint',
        unit: 'reqps',
        queries: [{ expr: rate('job', metrics.requestSuccess.name), legend }],
      },
      {
        title: 'Failed',
        tells: 'Share of requests that the server could not answer though it should have',
        unit: 'percentunit',
        queries: [{ expr: series(ratioName('availability', '5m'), of), legend }],
      },
      {
        title: 'Too slow',
        tells: 'Share of answers that took longer than the objective',
        unit: 'percentunit',
        queries: [{ expr: series(ratioName('latency', '5m'), of), legend }],
      },
      {
        title: 'p99 of answers',
        tells: 'Of all versions and protocols',
        unit: 's',
        queries: [
          {
            expr: `histogram_quantile(0.99, ${rate('job, le', `${metrics.requestSeconds.name}_bucket`)})`,
            legend,
          },
        ],
      },
      {
        title: 'Busy threads',
        tells: 'Share of inference threads that work',
        unit: 'percentunit',
        queries: [{ expr: series(busyRatio, of), legend }],
      },
      {
        title: 'Servers',
        tells: 'Servers that are ready',
        unit: 'short',
        queries: [{ expr: `sum by (job) (${series(metrics.ready.name, of)})`, legend }],
      },
      ...(collector === undefined ? [] : collectorPanels(site, collector)),
    ],
  };
}

function collectorPanels(site: Site, name: string): readonly Panel[] {
  const of = { ...siteMatchers(site), job: name };
  const rate = (metric: string): string => `sum(rate(${series(metric, of)}[${interval}]))`;
  return [
    {
      title: 'Spans',
      tells: 'Taken in and sent on by the collector, a second',
      unit: 'short',
      queries: [
        { expr: rate(collectorMetrics.accepted), legend: 'taken in' },
        { expr: rate(collectorMetrics.sent), legend: 'sent on' },
      ],
    },
    {
      title: 'Queue of the collector',
      tells: 'Share that waits for a sink, by pod',
      unit: 'percentunit',
      queries: [
        {
          expr: `max by (pod, exporter) (${series(collectorMetrics.queueSize, of)} / ${series(collectorMetrics.queueCapacity, of)})`,
          legend: '{{pod}} {{exporter}}',
        },
      ],
    },
  ];
}
