import { metrics } from '@manara/contract';
import type { LoweredWorkload } from '../../engines/lowering';
import { endpointMatchers, type Matchers, series } from '../selector';
import type { Alert } from './alert';

/** Probability below which shares are not those of the weights by chance. */
const sampleRatio = 0.001;
/** Standard errors by which a day's share of right predictions is below the week's. */
const standardErrors = 3;
/** Outcomes of a day below which their share says nothing. */
const leastOutcomes = 100;

/**
 * Alerts on variants whose shares are not as drawn, and on predictions that are right less often than they
 * were. Of inputs the server keeps no distribution, so there is no alert on theirs.
 */
export function driftAlerts(workload: LoweredWorkload): readonly Alert[] {
  if (workload.endpoint.server?.config.variants === undefined) return [];
  const of = endpointMatchers(workload);
  const { name } = workload.endpoint;
  return [
    {
      name: 'ManaraVariantShares',
      about: 'drift',
      severity: 'warning',
      expr: `min by (namespace, site, job, model) (${series(metrics.variantSampleRatio.name, of)}) < ${sampleRatio}`,
      for: '30m',
      summary: `Variants of ${name} get other shares than their weights (probability {{ $value }}): do not decide by what they show`,
    },
    {
      name: 'ManaraModelQuality',
      about: 'drift',
      severity: 'warning',
      expr: qualityDrop(of),
      for: '30m',
      summary: `Variant {{ $labels.variant }} of ${name}, version {{ $labels.version }}, was right less often in a day than in the week before, by {{ $value }} standard errors`,
    },
    {
      name: 'ManaraExposuresLost',
      about: 'drift',
      severity: 'warning',
      expr: `sum by (namespace, site, job) (increase(${series(metrics.exposuresDropped.name, of)}[30m])) > 0`,
      for: '15m',
      summary: `{{ $value }} exposures of ${name} were not written: what the experiment counts is not all`,
    },
  ];
}

/** The two-proportion z-test of the last day against the seven before it. */
function qualityDrop(of: Matchers): string {
  const sum = (window: string, matchers: Matchers = {}): string =>
    `sum by (namespace, site, job, model, version, variant) (increase(${series(metrics.variantOutcomes.name, of, matchers)}${window}))`;
  const [today, before] = ['[1d]', '[7d] offset 1d'];
  const right = (window: string): string =>
    `(${sum(window, { match: 'true' })} or 0 * ${sum(window)})`;
  const share = (window: string): string => `${right(window)} / ${sum(window)}`;
  const pooled = `((${right(today)} + ${right(before)}) / (${sum(today)} + ${sum(before)}))`;
  const variance = `${pooled} * (1 - ${pooled}) * (1 / ${sum(today)} + 1 / ${sum(before)})`;
  const enough = [today, before]
    .map((window) => `${sum(window)} >= ${leastOutcomes}`)
    .join(' and ');
  return `(${share(before)} - ${share(today)}) / sqrt(${variance}) > ${standardErrors} and ${enough}`;
}
