import { metrics } from '@manara/contract';
import type { LoweredWorkload } from '../../engines/lowering';
import { ratioName } from '../rules/objective-rules';
import { busyRatio, queueP99, refusedRatio } from '../rules/saturation-rules';
import { endpointMatchers, type Matchers, series } from '../selector';
import type { DashboardSpec } from './dashboard';
import type { Panel } from './panel';

const interval = '$__rate_interval';

/** What one endpoint on one site does, against what it promises. */
export function endpointDashboard(workload: LoweredWorkload): DashboardSpec {
  const { endpoint, site } = workload;
  return {
    path: `${site.node.path}/${endpoint.name}`,
    title: `${endpoint.name} on ${site.node.id}`,
    tags: ['manara', site.node.id],
    panels: [...promises(workload), ...traffic(workload), ...room(workload), ...besides(workload)],
  };
}

function promises(workload: LoweredWorkload): readonly Panel[] {
  const of = endpointMatchers(workload);
  const { availabilityPercent, p99Latency } = workload.endpoint.objective;
  const left = (name: 'availability' | 'latency', budget: number): string =>
    `1 - ${series(ratioName(name, '3d'), of)} / ${Number(budget.toPrecision(6))}`;
  const answered = `1 - ${series(ratioName('availability', '1h'), of)}`;
  const inTime = `1 - ${series(ratioName('latency', '1h'), of)}`;
  return [
    stat('Answered, last hour', `${availabilityPercent} % are to be`, answered),
    stat('In time, last hour', `99 % within ${p99Latency.toMilliseconds()} ms`, inTime),
    stat(
      'Pace of availability',
      'What is left where a month goes as the last three days did; below 0 the budget is overdrawn',
      left('availability', 1 - availabilityPercent / 100),
    ),
    stat(
      'Pace of latency',
      'What is left where a month goes as the last three days did; below 0 the budget is overdrawn',
      left('latency', 0.01),
    ),
  ];
}

function stat(title: string, tells: string, expr: string): Panel {
  return { title, tells, unit: 'percentunit', shows: 'stat', queries: [{ expr, legend: title }] };
}

function traffic(workload: LoweredWorkload): readonly Panel[] {
  const of = endpointMatchers(workload);
  const rate = (by: string, metric: string, matchers: Matchers = {}): string =>
    `sum by (${by}) (rate(${series(metric, of, matchers)}[${interval}]))`;
  const quantile = (q: number, metric: string): string =>
    `histogram_quantile(${q}, ${rate('le', `${metric}_bucket`)})`;
  const times = (title: string, tells: string, metric: string): Panel => ({
    title,
    tells,
    unit: 's',
    queries: [0.5, 0.9, 0.99].map((q) => ({
      expr: quantile(q, metric),
      legend: `p${q * 100}`,
    })),
  });
  return [
    {
      title: 'Requests',
      tells:
        'Answered, by version; and not answered, by reason. CANCELED and OTHER are the callers’',
      unit: 'reqps',
      queries: [
        { expr: rate('version', metrics.requestSuccess.name), legend: 'version {{version}}' },
        { expr: rate('reason', metrics.requestFailure.name), legend: '{{reason}}' },
      ],
    },
    times('Time of answers', 'From arrival to reply', metrics.requestSeconds.name),
    times('Wait for a run', 'Part of the time of answers', metrics.queueSeconds.name),
    {
      title: 'Rows of a run',
      tells: 'How many rows the engine is given at once',
      unit: 'short',
      queries: [
        {
          expr: `${rate('version', `${metrics.batchRows.name}_sum`)} / ${rate('version', `${metrics.batchRows.name}_count`)}`,
          legend: 'version {{version}}',
        },
      ],
    },
  ];
}

function room(workload: LoweredWorkload): readonly Panel[] {
  const of = endpointMatchers(workload);
  return [
    {
      title: 'Room',
      tells:
        'Share of inference threads that work, and of requests that are refused for want of room',
      unit: 'percentunit',
      queries: [
        { expr: series(busyRatio, of), legend: 'busy' },
        { expr: series(refusedRatio, of), legend: 'refused' },
      ],
    },
    {
      title: 'Waiting',
      tells: 'Requests that wait for their run, by pod',
      unit: 'short',
      queries: [{ expr: `sum by (pod) (${series(metrics.pending.name, of)})`, legend: '{{pod}}' }],
    },
    {
      title: 'Lateness',
      tells: 'One in a hundred waits that long for its run, or for the I/O thread to look at it',
      unit: 's',
      queries: [
        { expr: series(queueP99, of), legend: 'run' },
        {
          expr: `histogram_quantile(0.99, sum by (le) (rate(${series(`${metrics.eventLoopDelay.name}_bucket`, of)}[${interval}])))`,
          legend: 'I/O thread',
        },
      ],
    },
    {
      title: 'Servers',
      tells: 'Servers that have each version ready',
      unit: 'short',
      queries: [
        {
          expr: `sum by (version) (${series(metrics.modelReady.name, of)})`,
          legend: 'version {{version}}',
        },
      ],
    },
    {
      title: 'Memory',
      tells: 'Resident, by pod',
      unit: 'bytes',
      queries: [
        { expr: `sum by (pod) (${series(metrics.residentMemory.name, of)})`, legend: '{{pod}}' },
      ],
    },
    {
      title: 'CPU',
      tells: 'Seconds of CPU a second, by pod',
      unit: 'short',
      queries: [
        {
          expr: `sum by (pod) (rate(${series(metrics.cpuSeconds.name, of)}[${interval}]))`,
          legend: '{{pod}}',
        },
      ],
    },
  ];
}

/** What its server does besides answering, where it does. */
function besides(workload: LoweredWorkload): readonly Panel[] {
  const of = endpointMatchers(workload);
  const config = workload.endpoint.server?.config;
  const rate = (by: string, metric: string): string =>
    `sum by (${by}) (rate(${series(metric, of)}[${interval}]))`;
  const panel = (title: string, tells: string, ...queries: Panel['queries']): Panel => ({
    title,
    tells,
    unit: 'reqps',
    queries,
  });
  return [
    ...(config?.variants === undefined
      ? []
      : [
          panel('Variants', 'Requests that each variant answered', {
            expr: rate('variant', metrics.variantRequests.name),
            legend: '{{variant}}',
          }),
          panel('Outcomes', 'Reported, by variant and by whether the prediction was right', {
            expr: rate('variant, match', metrics.variantOutcomes.name),
            legend: '{{variant}} {{match}}',
          }),
        ]),
    ...(config?.fallbacks === undefined
      ? []
      : [
          panel('Degraded answers', 'Given in place of the model, by what', {
            expr: rate('by', metrics.degraded.name),
            legend: '{{by}}',
          }),
        ]),
    ...(config?.cache === undefined
      ? []
      : [
          panel(
            'Cache',
            'Requests that it answered, and that it could not',
            { expr: rate('job', metrics.cacheHits.name), legend: 'hits' },
            { expr: rate('job', metrics.cacheMisses.name), legend: 'misses' },
          ),
        ]),
    ...(config?.identity === undefined && config?.limits === undefined
      ? []
      : [
          panel('Not let through', 'By identity, rules or limits, by code', {
            expr: rate('code', metrics.accessRefused.name),
            legend: '{{code}}',
          }),
        ]),
  ];
}
