import { ports } from '@manara/contract';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { unlessAbsent } from '../../absent';
import { type TracesTarget, tracesTarget } from '../../observability/watcher';
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
}

const defaultPorts: OpenPorts = { calls: [ports.http, ports.grpc], metrics: ports.metrics };

/**
 * Opens what the endpoint needs in a namespace that denies everything: callers to the protocol's
 * ports, the scraper to the metrics port, and the ways out.
 */
export function addNetworkPolicy(
  scope: Construct,
  workload: Workload,
  ways: readonly WayOut[],
  open: OpenPorts = defaultPorts,
): void {
  new k8s.KubeNetworkPolicy(scope, 'network-policy', {
    metadata: { name: workload.endpoint.name, labels: { ...objectLabels(workload) } },
    spec: {
      podSelector: { matchLabels: { ...selectorLabels(workload) } },
      policyTypes: ['Ingress', 'Egress'],
      ...nonEmpty({
        ingress: ingress(workload, open),
        egress: egress(workload, ways, open),
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

function egress(
  workload: Workload,
  ways: readonly WayOut[],
  open: OpenPorts,
): k8s.NetworkPolicyEgressRule[] {
  const { dns } = workload.site;
  const rules = egressRules(ways, dns);
  if (open.each !== true) return [...rules];
  // They find each other by name.
  return [{ to: [eachOther(workload)] }, ...(rules.length === 0 ? [dnsRule(dns)] : rules)];
}

function eachOther(workload: Workload): k8s.NetworkPolicyPeer {
  return { podSelector: { matchLabels: { ...selectorLabels(workload) } } };
}

/**
 * Everything that a workload's pods connect to: the weights, whom they send spans to, and the hosts that the
 * server's configuration names.
 *
 * @param traces where they send spans
 */
export function waysOut(
  workload: Workload,
  traces: TracesTarget | undefined = tracesTarget(workload.site),
): readonly WayOut[] {
  return [
    ...waysToWeights(workload),
    ...(traces === undefined
      ? []
      : [{ peer: traces.peer, port: traces.port, addresses: [traces.uri] }]),
    ...serverWays(workload),
  ];
}

/** The ways to a workload's weights. */
export function waysToWeights(workload: Workload): readonly WayOut[] {
  return bucketsOf(workload).flatMap((bucket) => waysTo(bucket));
}

/** Several addresses of one host at one port are one way. */
function serverWays({ endpoint, site }: Workload): readonly WayOut[] {
  const ways: (WayOut & { readonly addresses: string[] })[] = [];
  for (const { declared, address } of reachedFrom(site.place, endpoint.server)) {
    if (declared === undefined) continue;
    const { peer, port = portOf(address) } = declared;
    const way = ways.find((one) => one.peer === peer && one.port === port);
    if (way === undefined) ways.push({ peer, port, addresses: [address] });
    else way.addresses.push(address);
  }
  return ways;
}
