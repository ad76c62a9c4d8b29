import { metrics } from '@manara/contract';
import type { LoweredWorkload } from '../../engines/lowering';
import { endpointMatchers, series } from '../selector';
import type { Alert } from './alert';

/** Share of answers that something else gave in place of the model. */
const degradedShare = 0.01;

/** Alerts on answers that are not the model's own, and on names in the configuration that lead nowhere. */
export function degradationAlerts(workload: LoweredWorkload): readonly Alert[] {
  const config = workload.endpoint.server?.config;
  const of = endpointMatchers(workload);
  const { name } = workload.endpoint;
  const by = 'sum by (namespace, site, job)';
  const answered = `${by} (rate(${series(metrics.requestSuccess.name, of)}[5m]))`;
  const degraded = (matchers: Readonly<Record<string, string>> = {}): string =>
    `${by} (rate(${series(metrics.degraded.name, of, matchers)}[5m]))`;
  const fallbacks: readonly Alert[] = [
    {
      name: 'ManaraDegradedAnswers',
      about: 'degradation',
      severity: 'critical',
      expr: `${degraded()} / ${answered} > ${degradedShare}`,
      for: '10m',
      summary: `{{ $value | humanizePercentage }} of ${name}'s answers are a fallback's`,
    },
    {
      name: 'ManaraStaleAnswers',
      about: 'degradation',
      severity: 'warning',
      expr: `${degraded({ by: 'cached' })} > 0`,
      for: '30m',
      summary: `${name} has answered from old answers for half an hour ({{ $value }} a second)`,
    },
  ];
  const unserved: readonly Alert[] = [
    {
      name: 'ManaraUnservedNames',
      about: 'degradation',
      severity: 'warning',
      expr: `max by (namespace, site, job) (${series(metrics.unservedNames.name, of)}) > 0`,
      for: '15m',
      summary: `Variants or fallbacks of ${name} name {{ $value }} models, versions or outputs that are not there`,
    },
  ];
  const hasFallbacks = config?.fallbacks !== undefined;
  return [
    ...(hasFallbacks ? fallbacks : []),
    ...(hasFallbacks || config?.variants !== undefined ? unserved : []),
  ];
}
