import { Peer } from '../../peer';
import type { Site } from '../../site';
import { partSelector } from '../labels';
import type { TracesTarget } from '../watcher';
import type { PushedSink } from './collector-config';
import { collectorPorts } from './collector-image';
import type { CollectorProps } from './collector-props';

export const collectorComponent = 'telemetry-collector';

/** A site's collector, and what makes it. */
export interface Collector {
  readonly site: Site;
  /** Name of its objects. */
  readonly name: string;
  readonly props: CollectorProps;
  readonly sinks: readonly PushedSink[];
}

/** Secret that cert-manager keeps its certificate in. */
export function certificateSecret(name: string): string {
  return `${name}-tls`;
}

/** Name of its Service in the cluster. */
export function collectorHost({ site, name }: Pick<Collector, 'site' | 'name'>): string {
  return `${name}.${site.namespaceName}.svc`;
}

/** Where the site's servers send their spans. */
export function collectorTraces(collector: Pick<Collector, 'site' | 'name'>): TracesTarget {
  const { site, name } = collector;
  return {
    uri: `https://${collectorHost(collector)}:${collectorPorts.otlpHttp}`,
    peer: Peer.pods(site.namespaceName, partSelector(name, collectorComponent)),
    port: collectorPorts.otlpHttp,
    authoritySecret: certificateSecret(name),
  };
}
