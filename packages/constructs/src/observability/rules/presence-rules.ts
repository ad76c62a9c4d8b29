import { metrics } from '@manara/contract';
import type { LoweredWorkload } from '../../engines/lowering';
import { endpointMatchers, series } from '../selector';
import type { Alert } from './alert';

/** Alerts on an endpoint of which nothing answers: it counts no failures either. */
export function presenceAlerts(workload: LoweredWorkload): readonly Alert[] {
  const { name, defaultVersion } = workload.endpoint;
  const of = { ...endpointMatchers(workload), model: name };
  const ready = metrics.modelReady.name;
  return [
    {
      name: 'ManaraEndpointDown',
      about: 'availability',
      severity: 'critical',
      expr: `absent(${series(ready, of, { version: String(defaultVersion) })} == 1)`,
      for: '2m',
      summary: `No server has version ${defaultVersion} of ${name} ready, or none is seen`,
    },
    {
      name: 'ManaraVersionNotReady',
      about: 'availability',
      severity: 'warning',
      expr: `max by (namespace, site, job, version) (${series(ready, of)}) == 0`,
      for: '15m',
      summary: `No server has version {{ $labels.version }} of ${name} ready`,
    },
  ];
}
