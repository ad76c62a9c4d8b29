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
import { type Collector, collectorTraces } from './collector/collector-spec';
import {
  observabilityKinds,
  type ObservabilityProps,
  validateObservability,
  validateWatched,
} from './observability-props';
import { Remediation } from './remediation/remediation';
import { remediationFlows } from './remediation/remediation-flows';
import { addRemediator, type Remediator } from './remediation/remediator';
import { addEndpointWatch } from './watched-endpoint';
import { addSiteWatch } from './watched-site';
import { type TracesTarget, type Watcher, watchWorkload } from './watcher';

const defaultRunbooks = 'https://github.com/manara-dev/manara/blob/main/docs/runbooks.md';

/**
 * What watches a site: a collector of spans, and for each endpoint that comes after it a monitor, recording
 * rules and alerts computed from its objective, a dashboard, and what is done about alerts without a person.
 * It stands before the endpoints of its site.
 */
export class Observability extends Construct implements DeclaresFlows, Watcher {
  readonly site: Site;
  readonly props: ObservabilityProps;
  /** Where the site's servers send spans in place of the site's sink. */
  readonly traces: TracesTarget | undefined;
  readonly #collector: Collector | undefined;
  readonly #remediator: Remediator | undefined;

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
    if (!this.seesMetrics) return;
    addSiteWatch(this, { ...this.shared, site, name: id, collector: this.#collector?.name });
    if (props.remediation === undefined) return;
    const { selectedBy } = this.shared;
    this.#remediator = { site, name: `${id}-remediator`, props: props.remediation, selectedBy };
    addRemediator(this, this.#remediator);
  }

  [watchWorkload](scope: Construct, workload: LoweredWorkload): void {
    if (!this.seesMetrics) return;
    validateWatched(workload);
    const actions = this.props.remediation?.actions ?? [
      Remediation.scaleOut(),
      Remediation.fallBack(),
      Remediation.abortRollout(),
    ];
    const remediator = this.#remediator && { name: this.#remediator.name, actions };
    addEndpointWatch(scope, { ...this.shared, workload, remediator });
  }

  [dataFlows](): readonly DataFlow[] {
    const owner = this.node.path;
    return [
      ...(this.#collector === undefined
        ? [this.withoutCollector()]
        : collectorFlows(owner, this.#collector)),
      ...(this.#remediator === undefined ? [] : remediationFlows(owner, this.#remediator)),
    ];
  }

  private withoutCollector(): DataFlow {
    const { node, site } = this;
    const base = { kind: 'trace', owner: node.path, dataClasses: site.zone.data } as const;
    // A cast, or plain JavaScript, may have left it out.
    const collector = this.props.collector as Absent | undefined;
    if (Absent.isAbsent(collector)) {
      return { ...base, status: 'absent', at: site.place, reason: collector.reason };
    }
    return {
      ...base,
      status: 'undeclared',
      at: site.place,
      evidence: `collector of "${node.path}" is not given`,
      fix: "give it collector: { issuer: … }, or collector: none('why there is none')",
    };
  }

  /** Whether anybody scrapes the site. */
  private get seesMetrics(): boolean {
    return unlessAbsent(this.site.metrics) !== undefined;
  }

  private get shared(): {
    readonly selectedBy: Readonly<Record<string, string>>;
    readonly runbooks: string;
  } {
    const { selectedBy = {}, runbooks = defaultRunbooks } = this.props;
    return { selectedBy, runbooks };
  }
}
