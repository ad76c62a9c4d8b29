import { Absent, unlessAbsent } from '../absent';
import { ConstructError } from '../construct-error';
import type { LoweredWorkload } from '../engines/lowering';
import { ModelEndpoint } from '../model-endpoint';
import type { Labels } from '../peer';
import { declared, mapOf, optional, text } from '../props/kinds';
import type { Site } from '../site';
import { pushedSinks } from './collector/collector-config';
import { collectorKind, type CollectorProps } from './collector/collector-props';
import { remediationKind, type RemediationProps } from './remediation/remediation-props';
import { watcherOf } from './watcher';

export interface ObservabilityProps {
  /**
   * Takes the servers' spans, cuts them down to the telemetry schema and sends them on to the site's sinks;
   * or `none('why')`: the servers then send to the sink themselves.
   */
  readonly collector: CollectorProps | Absent;
  /**
   * Labels by which the cluster's Prometheus chooses monitors and rules.
   * @default - none: it takes all of the namespace
   */
  readonly selectedBy?: Labels;
  /**
   * Page that alerts link to, at a heading of the alert's name.
   * @default - docs/runbooks.md of this project
   */
  readonly runbooks?: string;
  /**
   * What is done about alerts without a person, within bounds.
   * @default - nothing
   */
  readonly remediation?: RemediationProps;
}

export const observabilityKinds = {
  collector: declared(collectorKind),
  selectedBy: optional(mapOf(text)),
  runbooks: optional(text),
  remediation: optional(remediationKind),
};

/** @throws ConstructError MANARA_OBSERVABILITY for what would watch nothing, or come too late to */
export function validateObservability(at: string, site: Site, props: ObservabilityProps): void {
  const refuse = (message: string): never => {
    throw new ConstructError('MANARA_OBSERVABILITY', at, message);
  };
  const other = watcherOf(site);
  if (other !== undefined) {
    refuse(`id: expected one Observability in a site; "${other.node.path}" is there already`);
  }
  const endpoint = site.zone.node.children.find(
    (child) =>
      ModelEndpoint.isModelEndpoint(child) && child.workloads.some((one) => one.site === site),
  );
  if (endpoint !== undefined) {
    refuse(
      `expected before the endpoints of its site, whose servers are told where to send spans; "${endpoint.node.path}" is there already: move it below`,
    );
  }
  const isPushed = pushedSinks(site).length > 0;
  if (unlessAbsent(props.collector) !== undefined && !isPushed) {
    refuse(
      `collector: expected a sink to send on to; site "${site.node.path}" has traces: none(…), and neither logs nor metrics with pushedTo; give it one, or collector: none('why')`,
    );
  }
  if (Absent.isAbsent(props.collector) && Absent.isAbsent(site.metrics)) {
    refuse(
      `expected something to watch; site "${site.node.path}" has metrics: none(…), and there is no collector; give one, or leave the Observability out`,
    );
  }
  if (props.remediation !== undefined && Absent.isAbsent(site.metrics)) {
    refuse(
      `remediation: expected none where no alert is computed; site "${site.node.path}" has metrics: none(…)`,
    );
  }
}

/** @throws ConstructError MANARA_OBSERVABILITY for a server that shows its metrics to nobody who scrapes it */
export function validateWatched({ endpoint }: LoweredWorkload): void {
  const identity = endpoint.server?.config.identity;
  if (identity === undefined || identity.openMetrics === true) return;
  throw new ConstructError(
    'MANARA_OBSERVABILITY',
    endpoint.path,
    `server.config.identity.openMetrics: expected true, as Prometheus scrapes without a credential (the network lets in only who the site's MetricSink names); received ${String(identity.openMetrics ?? 'nothing')}`,
  );
}
