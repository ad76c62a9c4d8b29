import type { Construct } from 'constructs';
import type { Labels } from '../peer';
import type { Site } from '../site';
import { collectorComponent } from './collector/collector-spec';
import { addDashboard } from './dashboards/dashboard';
import { siteDashboard } from './dashboards/site-dashboard';
import { partLabels, partSelector } from './labels';
import { addPodMonitor } from './pod-monitor';
import { addRules } from './rules/prometheus-rule';
import { collectorAlerts, residencyAlerts } from './rules/site-rules';
import { siteMatchers } from './selector';

export interface SiteWatch {
  readonly site: Site;
  /** Name of the objects. */
  readonly name: string;
  /** Name of the site's collector, where there is one. */
  readonly collector: string | undefined;
  /** Labels by which Prometheus chooses. */
  readonly selectedBy: Labels;
  readonly runbooks: string;
}

/** Adds what watches a site as a whole: its collector, its ways out, all endpoints side by side. */
export function addSiteWatch(scope: Construct, watch: SiteWatch): void {
  const { site, name, collector, selectedBy, runbooks } = watch;
  const labels = partLabels(site, name, 'monitoring');
  const objectLabels = { ...labels, ...selectedBy };
  if (collector !== undefined) {
    addPodMonitor(scope, {
      site,
      name: collector,
      objectLabels,
      podLabels: partSelector(collector, collectorComponent),
      port: 'metrics',
    });
  }
  addRules(scope, {
    name,
    objectLabels,
    runbooks,
    labels: siteMatchers(site),
    recordings: [],
    alerts: [
      ...residencyAlerts(site),
      ...(collector === undefined ? [] : collectorAlerts(site, collector)),
    ],
  });
  addDashboard(scope, { name: `${name}-dashboard`, labels, spec: siteDashboard(site, collector) });
}
