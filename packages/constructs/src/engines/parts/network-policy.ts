import { ports } from '@manara/contract';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { unlessAbsent } from '../../absent';
import type { Peer } from '../../peer';
import {
  dnsRule,
  egressRules,
  nonEmpty,
  peersOf,
  tcp,
  type WayOut,
} from '../../pods/network-rules';
import type { Workload } from '../lowering';
import { reachedFrom } from '../../server/reached';
import { portOf } from '../../props/uri';
import { bucketsOf, waysTo } from './bucket-access';
import { objectLabels, selectorLabels } from './labels';

/** Ports that a server listens on. */
export interface OpenPorts {
  /** For callers. */
  readonly calls: readonly number[];
  readonly metrics: number;
  /**
   * Who else calls, besides the endpoint's callers.
   * @default - nobody
   */
  readonly others?: readonly Peer[];
  /**
   * Whether its pods are one program, and connect to each other at whatever port.
   * @default false
   */
  readonly each?: boolean;
  /**
   * Whether it sends spans, where the site has a sink for them.
   * @default true
   */
  readonly traces?: boolean;
}

const defaultPorts: OpenPorts = { calls: [ports.http, ports.grpc], metrics: ports.metrics };

/**
 * Opens what the endpoint needs in a namespace that denies everything: callers to the protocol's
 * ports, the scraper to the metrics port, and the way out to the weights, the trace collector and the
 * hosts that the server's configuration names.
 */
export function addNetworkPolicy(
  scope: Construct,
  workload: Workload,
  open: OpenPorts = defaultPorts,
): void {
  new k8s.KubeNetworkPolicy(scope, 'network-policy', {
    metadata: { name: workload.endpoint.name, labels: { ...objectLabels(workload) } },
    spec: {
      podSelector: { matchLabels: { ...selectorLabels(workload) } },
      policyTypes: ['Ingress', 'Egress'],
      ...nonEmpty({
        ingress: ingress(workload, open),
        egress: egress(workload, open),
      }),
    },
  });
}

function ingress(workload: Workload, open: OpenPorts): k8s.NetworkPolicyIngressRule[] {
  const { endpoint, site } = workload;
  const callers = [...endpoint.callers, ...(open.others ?? [])].flatMap(peersOf);
  const metrics = unlessAbsent(site.metrics);
  const scrapers = metrics === undefined ? [] : [...peersOf(metrics.scrapedBy)];
  return [
    // A rule without peers would let everybody in.
    ...(callers.length === 0 ? [] : [{ from: callers, ports: [...tcp(...open.calls)] }]),
    ...(scrapers.length === 0 ? [] : [{ from: scrapers, ports: [...tcp(open.metrics)] }]),
    ...(open.each === true ? [{ from: [eachOther(workload)] }] : []),
  ];
}

function egress(workload: Workload, open: OpenPorts): k8s.NetworkPolicyEgressRule[] {
  const { dns } = workload.site;
  const rules = egressRules(waysOut(workload, open), dns);
  if (open.each !== true) return [...rules];
  // They find each other by name.
  return [{ to: [eachOther(workload)] }, ...(rules.length === 0 ? [dnsRule(dns)] : rules)];
}

function eachOther(workload: Workload): k8s.NetworkPolicyPeer {
  return { podSelector: { matchLabels: { ...selectorLabels(workload) } } };
}

function waysOut(workload: Workload, open: OpenPorts): readonly WayOut[] {
  const buckets = bucketsOf(workload).flatMap((bucket) => waysTo(bucket));
  const traces = open.traces === false ? undefined : unlessAbsent(workload.site.traces);
  return [
    ...buckets,
    ...(traces === undefined ? [] : [{ peer: traces.peer, port: traces.port }]),
    ...serverWays(workload),
  ];
}

/** Several addresses of one host at one port are one way. */
function serverWays({ endpoint, site }: Workload): readonly WayOut[] {
  const ways = reachedFrom(site.place, endpoint.server).flatMap(({ declared, address }) =>
    declared === undefined ? [] : [{ peer: declared.peer, port: declared.port ?? portOf(address) }],
  );
  return ways.filter(
    ({ peer, port }, i) => ways.findIndex((one) => one.peer === peer && one.port === port) === i,
  );
}
