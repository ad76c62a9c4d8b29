import type { DataFlow } from '@manara/residency';
import { Construct } from 'constructs';
import { Absent, unlessAbsent } from '../absent';
import type { LoweredWorkload } from '../engines/lowering';
import { dataFlows, type DeclaresFlows } from '../flows/data-flows';
import { validateId } from '../props/names';
import { checkProps } from '../props/props';
import type { Site } from '../site';
import { addCollector } from './collector/collector';
import { pushedSinks } from './collector/collector-config';
import { collectorFlows } from './collector/collector-flows';
import { type Collector, collectorComponent, collectorTraces } from './collector/collector-spec';
import { addDashboard } from './dashboards/dashboard';
import { endpointDashboard } from './dashboards/endpoint-dashboard';
import { siteDashboard } from './dashboards/site-dashboard';
import { partLabels, partSelector } from './labels';
import {
  observabilityKinds,
  type ObservabilityProps,
  validateObservability,
  validateWatched,
} from './observability-props';
import { addPodMonitor } from './pod-monitor';
import { endpointAlerts, endpointRecordings } from './rules/endpoint-rules';
import { addRules } from './rules/prometheus-rule';
import { collectorAlerts, residencyAlerts } from './rules/site-rules';
import { endpointMatchers, siteMatchers } from './selector';
import { type TracesTarget, type Watcher, watchWorkload } from './watcher';

const defaultRunbooks = 'https://github.com/manara-dev/manara/blob/main/docs/runbooks.md';

/**
 * What watches a site: a collector of spans, and for each endpoint that comes after it a monitor, recording
 * rules and alerts computed from its objective, and a dashboard. It stands before the endpoints of its site.
 */
export class Observability extends Construct implements DeclaresFlows, Watcher {
  readonly site: Site;
  readonly props: ObservabilityProps;
  /** Where the site's servers send spans in place of the site's sink. */
  readonly traces: TracesTarget | undefined;
  readonly #collector: Collector | undefined;

  /** @throws ConstructError MANARA_OBSERVABILITY, MANARA_NAME, MANARA_PROP */
  constructor(site: Site, id: string, props: ObservabilityProps) {
    const at = validateId(site, id);
    checkProps(at, props, observabilityKinds);
    validateObservability(at, site, props);
    super(site, id);
    this.site = site;
    this.props = props;
    const collector = unlessAbsent(props.collector);
    if (collector !== undefined) {
      const sinks = pushedSinks(site);
      this.#collector = { site, name: `${id}-collector`, props: collector, sinks };
      addCollector(this, this.#collector);
      const hasTraces = sinks.some(({ signal }) => signal === 'traces');
      if (hasTraces) this.traces = collectorTraces(this.#collector);
    }
    if (unlessAbsent(site.metrics) !== undefined) this.watchSite();
  }

  /** Adds what watches an endpoint, beside its objects: they come and go together. */
  [watchWorkload](scope: Construct, workload: LoweredWorkload): void {
    if (unlessAbsent(this.site.metrics) === undefined) return;
    validateWatched(workload);
    const { name } = workload.endpoint;
    const labels = partLabels(this.site, name, 'monitoring');
    const below = new Construct(scope, 'monitoring');
    addPodMonitor(below, {
      site: this.site,
      name,
      objectLabels: { ...labels, ...this.props.selectedBy },
      podLabels: workload.podLabels,
      port: 'metrics',
    });
    addRules(below, {
      ...this.ruleContext(endpointMatchers(workload)),
      name,
      objectLabels: { ...labels, ...this.props.selectedBy },
      recordings: endpointRecordings(workload),
      alerts: endpointAlerts(workload),
    });
    addDashboard(below, {
      name: `${name}-dashboard`,
      labels,
      spec: endpointDashboard(workload),
    });
  }

  [dataFlows](): readonly DataFlow[] {
    if (this.#collector !== undefined) return collectorFlows(this.node.path, this.#collector);
    const base = {
      kind: 'trace',
      owner: this.node.path,
      dataClasses: this.site.zone.data,
    } as const;
    // A cast, or plain JavaScript, may have left it out.
    const collector = this.props.collector as Absent | undefined;
    if (Absent.isAbsent(collector)) {
      return [{ ...base, status: 'absent', at: this.site.place, reason: collector.reason }];
    }
    return [
      {
        ...base,
        status: 'undeclared',
        at: this.site.place,
        evidence: `collector of "${this.node.path}" is not given`,
        fix: "give it collector: { issuer: … }, or collector: none('why there is none')",
      },
    ];
  }

  private watchSite(): void {
    const { site, node } = this;
    const labels = partLabels(site, node.id, 'monitoring');
    const objectLabels = { ...labels, ...this.props.selectedBy };
    const collector = this.#collector?.name;
    if (collector !== undefined) {
      addPodMonitor(this, {
        site,
        name: collector,
        objectLabels,
        podLabels: partSelector(collector, collectorComponent),
        port: 'metrics',
      });
    }
    addRules(this, {
      ...this.ruleContext(siteMatchers(site)),
      name: node.id,
      objectLabels,
      recordings: [],
      alerts: [
        ...residencyAlerts(site),
        ...(collector === undefined ? [] : collectorAlerts(site, collector)),
      ],
    });
    addDashboard(this, {
      name: `${node.id}-dashboard`,
      labels,
      spec: siteDashboard(site, collector),
    });
  }

  private ruleContext(labels: Readonly<Record<string, string>>): {
    readonly labels: Readonly<Record<string, string>>;
    readonly runbooks: string;
  } {
    return { labels, runbooks: this.props.runbooks ?? defaultRunbooks };
  }
}
