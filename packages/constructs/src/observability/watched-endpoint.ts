import { Construct } from 'constructs';
import { remediation } from '@manara/contract';
import type { LoweredWorkload } from '../engines/lowering';
import type { Labels } from '../peer';
import { addDashboard } from './dashboards/dashboard';
import { endpointDashboard } from './dashboards/endpoint-dashboard';
import { partLabels } from './labels';
import { addPodMonitor } from './pod-monitor';
import { addEndpointRemediation } from './remediation/endpoint-remediation';
import type { Remediation } from './remediation/remediation';
import { endpointAlerts, endpointRecordings } from './rules/endpoint-rules';
import { addRules } from './rules/prometheus-rule';
import { endpointMatchers } from './selector';

export interface EndpointWatch {
  readonly workload: LoweredWorkload;
  /** Labels by which Prometheus chooses. */
  readonly selectedBy: Labels;
  readonly runbooks: string;
  /** What acts on alerts, and how; `undefined` where nothing does. */
  readonly remediator:
    { readonly name: string; readonly actions: readonly Remediation[] } | undefined;
}

/** Adds what watches an endpoint beside its objects: they come and go together. */
export function addEndpointWatch(scope: Construct, watch: EndpointWatch): void {
  const { workload, selectedBy, runbooks, remediator } = watch;
  const { endpoint, site } = workload;
  const { name } = endpoint;
  const below = new Construct(scope, 'monitoring');
  const labels = partLabels(site, name, 'monitoring');
  const chosen = { name, objectLabels: { ...labels, ...selectedBy } };
  const { port, areBundled } = workload.metrics;
  addPodMonitor(below, { ...chosen, site, podLabels: workload.podLabels, port });
  // Rules on metrics that an engine does not have would be silent, or fire for ever.
  if (!areBundled) return;
  const alerts = endpointAlerts(workload);
  const has = new Set(alerts.map((alert) => alert.name));
  const actions = remediator?.actions.flatMap((one) => one.actionsFor(workload, has)) ?? [];
  const acted = new Set(actions.map(({ alert }) => alert));
  addRules(below, {
    ...chosen,
    runbooks,
    labels: endpointMatchers(workload),
    recordings: endpointRecordings(workload),
    alerts: alerts.map((alert) =>
      acted.has(alert.name) ? { ...alert, labels: { [remediation.alertLabel]: 'true' } } : alert,
    ),
  });
  addDashboard(below, {
    name: `${name}-dashboard`,
    labels,
    spec: endpointDashboard(workload),
  });
  if (remediator === undefined || actions.length === 0) return;
  addEndpointRemediation(below, remediator.name, { workload, labels, actions });
}
